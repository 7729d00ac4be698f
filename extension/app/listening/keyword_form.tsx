import { useState } from "preact/hooks";
import { ApiError, type Client } from "../../shared/api";
import { languageName, t } from "../../shared/i18n";
import type { Brand, Keyword } from "../../shared/types";
import { Button, Input, toast, undoable } from "../../shared/ui";
import { readSearch } from "../inbox/find/words";
import { PreviewList, usePreview } from "./preview";
import { QueryField, useReading } from "./query_field";
import { addSearch } from "./round/offers";
import { termOf } from "./round/term";

interface KeywordFormProps {
  client: Client;
  brand: Brand;
  keyword?: Keyword | undefined;
  query?: string;
  onSaved: (keyword: Keyword) => void;
  onCancel?: () => void;
}

/** One keyword: its query, answered live while it is typed, and what is rarely needed under More. */
export function KeywordForm({ client, brand, keyword, query: given = "", onSaved, onCancel }: KeywordFormProps) {
  const [query, setQuery] = useState(keyword?.query ?? given);
  const [name, setName] = useState(keyword && keyword.name !== keyword.query ? keyword.name : "");
  const [languages, setLanguages] = useState(keyword?.languages ?? []);
  const [error, setError] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  const preview = usePreview(client, brand.id, query, languages);
  const reading = useReading(client, query);
  const unreadable = preview.error?.code === "query_syntax" || Boolean(query.trim() && readSearch(query, true).fault);
  const toggle = (code: string) =>
    setLanguages((old) => (old.includes(code) ? old.filter((one) => one !== code) : [...old, code]));
  const save = async (event: Event) => {
    event.preventDefault();
    if (busy || !query.trim() || unreadable) return;
    setBusy(true);
    setError(undefined);
    const body = { query: query.trim(), name: name.trim(), languages };
    try {
      onSaved(
        keyword
          ? await client.patch<Keyword>(`/keywords/${keyword.id}`, { ...body, version: keyword.version })
          : await client.post<Keyword>("/keywords", { ...body, brand_id: brand.id }),
      );
    } catch (thrown) {
      if (!(thrown instanceof ApiError)) throw thrown;
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  const toRound = async (kind: string) => {
    try {
      const page = await addSearch(client, brand.id, kind, termOf(query));
      if (page) undoable(t("round_added", { name: page.name }), () => void client.del(`/round/${page.id}`));
      return page !== null;
    } catch (thrown) {
      if (!(thrown instanceof ApiError)) throw thrown;
      toast(thrown.text);
      return false;
    }
  };
  const spoken = [...new Set([...brand.languages, ...languages])];
  return (
    <form class="stack keyword-form" onSubmit={(event) => void save(event)}>
      <QueryField
        query={query}
        placeholder={`"${brand.name}"`}
        refused={preview.error}
        reading={reading}
        onText={setQuery}
        onKeyDown={(event) => {
          // A query is one line: Enter saves it, as in any short field.
          if (event.key === "Enter" && !event.shiftKey && !event.isComposing) void save(event);
          if (event.key === "Escape" && onCancel) onCancel();
        }}
      />
      <PreviewList preview={preview} wider={reading?.wider ?? []} onWiden={setQuery} onRound={toRound} />
      <details class="keyword-more" open={Boolean(name) || languages.length > 0}>
        <summary>{t("listening_more_fields")}</summary>
        <div class="stack">
          <Input
            label={t("listening_name")}
            optional
            value={name}
            maxLength={120}
            hint={t("listening_name_hint")}
            onText={setName}
          />
          {spoken.length > 1 && (
            <fieldset class="field">
              <legend class="label">{t("listening_languages")}</legend>
              <div class="row wrap">
                {spoken.map((code) => (
                  <Button key={code} aria-pressed={languages.includes(code)} onClick={() => toggle(code)}>
                    {languageName(code)}
                  </Button>
                ))}
              </div>
              <div class="hint">{t("listening_languages_hint")}</div>
            </fieldset>
          )}
        </div>
      </details>
      {error && error.code !== "query_syntax" && (
        <p class="wrong" role="alert">
          {error.text}
        </p>
      )}
      <div class="row">
        <Button kind="primary" type="submit" busy={busy} disabled={!query.trim() || unreadable}>
          {t(keyword ? "settings_save" : "listening_listen")}
        </Button>
        {onCancel && <Button onClick={onCancel}>{t("ui_cancel")}</Button>}
      </div>
    </form>
  );
}
