import { useState } from "preact/hooks";
import { errorText, t } from "../shared/i18n";
import { type SendError, send } from "../shared/send";
import { Button, Input, toast } from "../shared/ui";
import { SheetFrame } from "./sheet";

/** A keyword by its words alone; the app has the live preview and the query language. */
export function WatchTerm({ onClose }: { onClose: () => void }) {
  const [term, setTerm] = useState("");
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const words = term.replaceAll('"', " ").replace(/\s+/g, " ").trim();
  const save = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    try {
      await send("watch.term", { term: words });
      toast(t("notice_watching_term", { term: words }));
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
    <SheetFrame title={t("popup_watch_term")} onClose={onClose}>
      <form class="stack" onSubmit={save}>
        <Input
          label={t("popup_term")}
          value={term}
          onText={setTerm}
          autoFocus
          maxLength={200}
          hint={t("popup_term_hint")}
          wrong={error}
        />
        <div class="row wrap">
          <Button kind="primary" type="submit" big busy={busy} disabled={!words}>
            {t("popup_watch")}
          </Button>
          <Button
            kind="ghost"
            big
            onClick={() => void send("open.app", { page: "keywords", params: { query: words && `"${words}"` } })}
          >
            {t("popup_see_first")}
          </Button>
        </div>
      </form>
    </SheetFrame>
  );
}
