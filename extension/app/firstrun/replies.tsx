import { useState } from "preact/hooks";
import { ApiError } from "../../shared/api";
import { plural, t } from "../../shared/i18n";
import type { Page, SavedReply } from "../../shared/types";
import { Button, Skeleton, toast, useLoad } from "../../shared/ui";
import type { StepProps } from "./index";

/** A dozen replies to begin with, in the brand's languages; each can be changed right here. */
export function RepliesStep({ client, brand }: StepProps) {
  const [busy, setBusy] = useState(false);
  const replies = useLoad(
    async () =>
      brand ? (await client.get<Page<SavedReply>>("/replies", { brand_id: brand.id, limit: 100 })).items : [],
    [client, brand?.id],
  );
  if (!brand) return null;
  const make = async () => {
    setBusy(true);
    try {
      const { languages, address } = brand;
      const made = await client.post<{ items: SavedReply[] }>("/replies/starters", {
        brand_id: brand.id,
        languages,
        address,
      });
      toast(plural("replies_starters_made", made.items.length));
    } catch (error) {
      toast(error instanceof ApiError ? error.text : t("error_internal"));
    } finally {
      setBusy(false);
      replies.reload();
    }
  };
  const save = async (reply: SavedReply, text: string) => {
    if (text === reply.text) return;
    try {
      await client.patch(`/replies/${reply.id}`, { text, version: reply.version });
      toast(t("replies_saved", { title: reply.title }));
    } catch (error) {
      toast(error instanceof ApiError ? error.text : t("error_internal"));
    }
    replies.reload();
  };
  return (
    <div class="stack">
      <p class="muted">{t("firstrun_replies_text")}</p>
      {replies.loading && !replies.value && <Skeleton rows={3} />}
      {replies.value?.length === 0 && (
        <div>
          <Button kind="primary" big busy={busy} onClick={() => void make()}>
            {t("replies_starters")}
          </Button>
        </div>
      )}
      <ul class="firstrun-replies">
        {replies.value?.map((reply) => (
          <li key={reply.id}>
            <b>{reply.title}</b>
            <textarea
              class="input"
              aria-label={reply.title}
              lang={reply.language === "und" ? undefined : reply.language}
              onBlur={(event) => void save(reply, event.currentTarget.value)}
            >
              {reply.text}
            </textarea>
          </li>
        ))}
      </ul>
    </div>
  );
}
