import { useState } from "preact/hooks";
import { ApiError, type Client } from "../shared/api";
import { t } from "../shared/i18n";
import type { Brand, SavedReply } from "../shared/types";
import { Button, Input, TextArea, toast } from "../shared/ui";
import { SheetFrame } from "./sheet";

/** A saved reply, in a hurry: its text, and a title that is its first words unless somebody says otherwise. */
export function SaveReply({
  client,
  brand,
  onClose,
}: {
  client: Client;
  brand: Brand | undefined;
  onClose: () => void;
}) {
  const [text, setText] = useState("");
  const [title, setTitle] = useState("");
  const [error, setError] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const save = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    try {
      const body = { ...(brand && { brand_id: brand.id }), text, title: title.trim() || firstWords(text) };
      await client.post<SavedReply>("/replies", body);
      toast(t("notice_reply_kept"));
      onClose();
    } catch (failure) {
      setError(failure instanceof ApiError ? failure : null);
      setBusy(false);
    }
  };
  return (
    <SheetFrame title={t("popup_save_reply")} onClose={onClose}>
      <form class="stack" onSubmit={save}>
        <TextArea
          label={t("popup_reply_text")}
          value={text}
          onText={setText}
          rows={6}
          autoFocus
          hint={t("popup_reply_hint")}
          wrong={error?.fields.text ?? (error && !error.fields.title ? error.text : undefined)}
        />
        <Input
          label={t("popup_reply_title")}
          optional
          value={title}
          onText={setTitle}
          placeholder={firstWords(text)}
          wrong={error?.fields.title}
        />
        <div>
          <Button kind="primary" type="submit" big busy={busy} disabled={!text.trim()}>
            {t("popup_keep")}
          </Button>
        </div>
      </form>
    </SheetFrame>
  );
}

/** The first six words, without the variables. */
function firstWords(text: string): string {
  return text
    .replace(/\{\{[^}]*\}\}/g, "")
    .trim()
    .split(/\s+/)
    .slice(0, 6)
    .join(" ")
    .slice(0, 60);
}
