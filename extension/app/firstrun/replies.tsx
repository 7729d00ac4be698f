import { Trash2 } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { ApiError } from "../../shared/api";
import { languageName, plural, t } from "../../shared/i18n";
import type { Page, SavedReply } from "../../shared/types";
import { Button, Choices, IconButton, Skeleton, toast, undoable, useLoad } from "../../shared/ui";
import type { StepProps } from "./index";

/** The languages that have a set of replies to begin with. */
const SETS = ["fr", "en"];

/** A dozen replies to begin with, in the brand's languages; each can be changed right here. */
export function RepliesStep({ client, brand }: StepProps) {
  const brand_id = brand?.id;
  const [busy, setBusy] = useState(false);
  const [languages, setLanguages] = useState(() => {
    const spoken = (brand?.languages ?? []).filter((code) => SETS.includes(code));
    return spoken.length > 0 ? spoken : ["en"];
  });
  const [address, setAddress] = useState<string>(brand?.address ?? "vous");
  const replies = useLoad(
    async () => (brand_id ? (await client.get<Page<SavedReply>>("/replies", { brand_id, limit: 100 })).items : []),
    [client, brand_id],
  );
  const make = async () => {
    setBusy(true);
    try {
      const made = await client.post<Page<SavedReply>>("/replies/starters", { brand_id, languages, address });
      toast(plural("replies_starters_made", made.items.length));
    } catch (error) {
      complain(error);
    } finally {
      setBusy(false);
      replies.reload();
    }
  };
  const save = async (reply: SavedReply, text: string) => {
    try {
      await client.patch(`/replies/${reply.id}`, { text, version: reply.version });
      toast(t("replies_saved", { title: reply.title }));
    } catch (error) {
      complain(error);
    }
    replies.reload();
  };
  const remove = async (reply: SavedReply) => {
    try {
      await client.del(`/replies/${reply.id}`);
      undoable(t("listening_removed", { name: reply.title }), () => {
        void client.post(`/replies/${reply.id}/restore`).then(replies.reload, complain);
      });
    } catch (error) {
      complain(error);
    }
    replies.reload();
  };
  if (!brand) return null;
  return (
    <div class="stack">
      <p class="muted">{t("firstrun_replies_text")}</p>
      {replies.error && !replies.value && <p class="wrong">{replies.error.text}</p>}
      {replies.loading && !replies.value && <Skeleton rows={3} />}
      {replies.value?.length === 0 && (
        <>
          <Choices
            label={t("settings_languages")}
            options={SETS.map((code) => ({ id: code, label: languageName(code) }))}
            chosen={languages}
            onChoose={(code) =>
              setLanguages((old) => (old.includes(code) ? old.filter((one) => one !== code) : [...old, code]))
            }
          />
          {languages.includes("fr") && (
            <Choices
              label={t("settings_address_form")}
              options={["vous", "tu"].map((one) => ({ id: one, label: t(`settings_address_${one}`) }))}
              chosen={[address]}
              onChoose={setAddress}
            />
          )}
          <div>
            <Button kind="primary" big busy={busy} disabled={languages.length === 0} onClick={() => void make()}>
              {t("replies_starters")}
            </Button>
          </div>
        </>
      )}
      <ul class="firstrun-replies">
        {replies.value?.map((reply) => (
          <ReplyCard key={reply.id} reply={reply} onSave={save} onRemove={remove} />
        ))}
      </ul>
    </div>
  );
}

interface ReplyCardProps {
  reply: SavedReply;
  onSave: (reply: SavedReply, text: string) => Promise<void>;
  onRemove: (reply: SavedReply) => Promise<void>;
}

function ReplyCard({ reply, onSave, onRemove }: ReplyCardProps) {
  const [text, setText] = useState(reply.text);
  useEffect(() => setText(reply.text), [reply.text]);
  return (
    <li>
      <div class="row">
        <b class="cut grow">{reply.title}</b>
        <span class="small faint">{reply.language}</span>
        <IconButton
          icon={Trash2}
          label={`${t("listening_remove")}: ${reply.title}`}
          onClick={() => void onRemove(reply)}
        />
      </div>
      <textarea
        class="input"
        aria-label={reply.title}
        lang={reply.language === "und" ? undefined : reply.language}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onBlur={() => {
          if (!text.trim()) setText(reply.text);
          else if (text !== reply.text) void onSave(reply, text);
        }}
      />
    </li>
  );
}

function complain(error: unknown): void {
  toast(error instanceof ApiError ? error.text : t("error_internal"));
}
