import { useState } from "preact/hooks";
import { ApiError, type Client } from "../../../shared/api";
import { t } from "../../../shared/i18n";
import type { Brand, Source, SourceKind } from "../../../shared/types";
import { Button, Input } from "../../../shared/ui";
import { fieldWords } from "../words";

interface AddressFormProps {
  client: Client;
  brand: Brand;
  kinds: SourceKind[];
  url: string;
  onAdded: (source: Source) => void;
}

/** Any address: the feed is found from it. */
export function AddressForm({ client, brand, url: given, onAdded }: AddressFormProps) {
  const [url, setUrl] = useState(given);
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);
  const add = async (event: Event) => {
    event.preventDefault();
    if (busy || !url.trim()) return;
    setBusy(true);
    setWrong("");
    try {
      const source = await client.post<Source>("/sources", { brand_id: brand.id, url: addressOf(url) });
      setUrl("");
      onAdded(source);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setWrong(fieldWords(error, "url"));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form class="source-form" onSubmit={(event) => void add(event)} noValidate>
      <Input
        label={t("listening_source_url")}
        hint={busy ? t("listening_source_looking") : t("listening_source_hint")}
        value={url}
        wrong={wrong}
        spellcheck={false}
        autocomplete="off"
        autoFocus
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

export function addressOf(text: string): string {
  return /^[a-z][a-z0-9+.-]*:/i.test(text.trim()) ? text.trim() : `https://${text.trim()}`;
}
