import { useState } from "preact/hooks";
import { ApiError, type Client } from "../../shared/api";
import { t } from "../../shared/i18n";
import type { Brand, Keyword } from "../../shared/types";
import { Button, Input, TextArea } from "../../shared/ui";
import { PreviewList, usePreview } from "./preview";

interface KeywordFormProps {
  client: Client;
  brand: Brand;
  keyword?: Keyword | undefined;
  query?: string;
  onSaved: (keyword: Keyword) => void;
  onCancel?: () => void;
}

/** One keyword: its query, answered live while it is typed, and a name. */
export function KeywordForm({ client, brand, keyword, query: given = "", onSaved, onCancel }: KeywordFormProps) {
  const [query, setQuery] = useState(keyword?.query ?? given);
  const [name, setName] = useState(keyword?.name ?? "");
  const [error, setError] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  const preview = usePreview(client, brand.id, query);
  const save = async (event: Event) => {
    event.preventDefault();
    if (!query.trim()) return;
    setBusy(true);
    setError(undefined);
    try {
      onSaved(
        keyword
          ? await client.patch<Keyword>(`/keywords/${keyword.id}`, { query, name, version: keyword.version })
          : await client.post<Keyword>("/keywords", { brand_id: brand.id, query, name }),
      );
    } catch (thrown) {
      if (!(thrown instanceof ApiError)) throw thrown;
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form class="stack keyword-form" onSubmit={(event) => void save(event)}>
      <TextArea
        label={t("listening_query")}
        hint={t("listening_query_hint")}
        value={query}
        rows={2}
        autoFocus
        placeholder={`"${brand.name}"`}
        onText={setQuery}
      />
      <PreviewList preview={preview} query={query} />
      <Input
        label={t("listening_name")}
        optional
        value={name}
        maxLength={120}
        hint={t("listening_name_hint")}
        onText={setName}
      />
      {error && error.code !== "query_syntax" && (
        <p class="wrong" role="alert">
          {error.text}
        </p>
      )}
      <div class="row">
        <Button
          kind="primary"
          type="submit"
          busy={busy}
          disabled={!query.trim() || preview.error?.code === "query_syntax"}
        >
          {t(keyword ? "settings_save" : "listening_listen")}
        </Button>
        {onCancel && <Button onClick={onCancel}>{t("ui_cancel")}</Button>}
      </div>
    </form>
  );
}
