import { useState } from "preact/hooks";
import { ApiError, type Client } from "../../shared/api";
import { t } from "../../shared/i18n";
import type { Brand, Source } from "../../shared/types";
import { Button, Input, toast } from "../../shared/ui";
import { fieldWords } from "./words";

/** Any page, feed or Google Alerts feed: the feed itself is found from its address. */
export function SourceForm({ client, brand, onAdded }: { client: Client; brand: Brand; onAdded: (s: Source) => void }) {
  const [url, setUrl] = useState("");
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);
  const add = async (event: Event) => {
    event.preventDefault();
    if (busy || !url.trim()) return;
    setBusy(true);
    setWrong("");
    const address = /^[a-z][a-z0-9+.-]*:/i.test(url.trim()) ? url.trim() : `https://${url.trim()}`;
    try {
      const source = await client.post<Source>("/sources", { brand_id: brand.id, url: address });
      setUrl("");
      toast(t("listening_source_added", { name: source.name || source.url }));
      onAdded(source);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setWrong(fieldWords(error, "url"));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form class="source-form" onSubmit={(event) => void add(event)}>
      <Input
        label={t("listening_source_url")}
        hint={busy ? t("listening_source_looking") : t("listening_source_hint")}
        value={url}
        wrong={wrong}
        spellcheck={false}
        autocomplete="off"
        placeholder="https://"
        onText={(text) => {
          setUrl(text);
          setWrong("");
        }}
      />
      <Button type="submit" busy={busy} disabled={!url.trim()}>
        {t("listening_source_add")}
      </Button>
    </form>
  );
}
