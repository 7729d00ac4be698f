import { useState } from "preact/hooks";
import { errorText, t } from "../shared/i18n";
import { type SendError, send } from "../shared/send";
import { Button, Input, TextArea, toast } from "../shared/ui";
import { SheetFrame } from "./sheet";

/** A saved reply, in a hurry: its text, and a title that is its first words unless somebody says otherwise. */
export function SaveReply({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState("");
  const [title, setTitle] = useState("");
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const save = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    try {
      await send("reply.save", { text, title: title.trim() || firstWords(text), post: null });
      toast(t("notice_reply_kept"));
      onClose();
    } catch (failure) {
      const { code, message, queued } = failure as SendError;
      setBusy(false);
      if (!queued) return setError(errorText(code, message));
      toast(errorText("queued"));
      onClose();
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
          wrong={error}
        />
        <Input label={t("popup_reply_title")} optional value={title} onText={setTitle} placeholder={firstWords(text)} />
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
