import { useState } from "preact/hooks";
import { ApiError, type Client } from "../shared/api";
import { t } from "../shared/i18n";
import { send } from "../shared/send";
import type { Brand, Keyword } from "../shared/types";
import { Button, Input, toast } from "../shared/ui";
import { SheetFrame } from "./sheet";

/** A keyword by its words alone; the app has the live preview and the query language. */
export function WatchTerm({
  client,
  brand,
  onClose,
}: {
  client: Client;
  brand: Brand | undefined;
  onClose: () => void;
}) {
  const [term, setTerm] = useState("");
  const [error, setError] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const words = term.replaceAll('"', " ").replace(/\s+/g, " ").trim();
  const save = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    try {
      await client.post<Keyword>("/keywords", {
        ...(brand && { brand_id: brand.id }),
        name: words,
        query: `"${words}"`,
      });
      toast(t("notice_watching_term", { term: words }));
      onClose();
    } catch (failure) {
      setError(failure instanceof ApiError ? failure : null);
      setBusy(false);
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
          wrong={error ? (Object.values(error.fields)[0] ?? error.text) : undefined}
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
