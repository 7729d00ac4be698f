import { useState } from "preact/hooks";
import { ApiError, type Client } from "../../../shared/api";
import { language, t } from "../../../shared/i18n";
import {
  type Brand,
  PURPOSES,
  type Purpose,
  type Source,
  type SourceKind,
  type SourceParam,
} from "../../../shared/types";
import { Button, Input, Select } from "../../../shared/ui";

interface KindFormProps {
  client: Client;
  brand: Brand;
  kind: SourceKind;
  onAdded: (source: Source) => void;
}

/** A source of one kind: its fields are drawn from what the server says the kind needs. */
export function KindForm({ client, brand, kind, onAdded }: KindFormProps) {
  const [values, setValues] = useState<Record<string, string>>(() => usual(kind, brand));
  const [secrets, setSecrets] = useState<Record<string, string>>({});
  const [purpose, setPurpose] = useState<Purpose>(kind.purpose ?? "page");
  const [error, setError] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  const lacks = (given: Record<string, string>) => (param: SourceParam) => param.required && !given[param.name]?.trim();
  const missing = kind.params.some(lacks(values)) || kind.secrets.some(lacks(secrets));
  const save = async (event: Event) => {
    event.preventDefault();
    if (busy || missing) return;
    setBusy(true);
    setError(undefined);
    const body = { brand_id: brand.id, kind: kind.kind, params: said(values), purpose };
    try {
      onAdded(
        await client.post<Source>("/sources", kind.secrets.length > 0 ? { ...body, secrets: said(secrets) } : body),
      );
    } catch (thrown) {
      if (!(thrown instanceof ApiError)) throw thrown;
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  const shown =
    kind.params.some(({ name }) => error?.fields[`params.${name}`]) ||
    kind.secrets.some(({ name }) => error?.fields[`secrets.${name}`]);
  return (
    <form class="stack source-kind-form" onSubmit={(event) => void save(event)} noValidate>
      {kind.kind === "page" && <p class="muted">{t("sources_page_hint")}</p>}
      {kind.params.map((param, index) => (
        <ParamField
          key={param.name}
          param={param}
          value={values[param.name] ?? ""}
          focus={index === 0}
          wrong={wrongWords(error, "params", param)}
          onText={(text) => setValues((old) => ({ ...old, [param.name]: text }))}
        />
      ))}
      {kind.secrets.map((param) => (
        <ParamField
          key={param.name}
          param={param}
          secret
          value={secrets[param.name] ?? ""}
          focus={false}
          wrong={wrongWords(error, "secrets", param)}
          onText={(text) => setSecrets((old) => ({ ...old, [param.name]: text }))}
        />
      ))}
      {kind.secrets.length > 0 && <p class="small muted">{t("sources_sealed")}</p>}
      <Select
        label={t("sources_for")}
        value={purpose}
        options={PURPOSES.map((value) => ({ value, label: t(`purpose_${value}`) }))}
        onChoose={(value) => setPurpose(value as Purpose)}
      />
      {error && !shown && (
        <p class="wrong" role="alert">
          {error.text}
        </p>
      )}
      <div class="row">
        <Button kind="primary" type="submit" busy={busy} disabled={missing}>
          {t("sources_listen")}
        </Button>
      </div>
    </form>
  );
}

const said = (values: Record<string, string>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim()));

interface ParamFieldProps {
  param: SourceParam;
  secret?: boolean;
  value: string;
  focus: boolean;
  wrong: string | undefined;
  onText: (text: string) => void;
}

export function ParamField({ param, secret = false, value, focus, wrong, onText }: ParamFieldProps) {
  const about = { label: t(param.label), optional: !param.required, wrong };
  if (param.choices.length > 0) {
    const options = param.choices.map((choice) => ({ value: choice, label: choice }));
    return (
      <Select
        {...about}
        value={value}
        options={param.required ? options : [{ value: "", label: "" }, ...options]}
        onChoose={onText}
      />
    );
  }
  return (
    <Input
      {...about}
      value={value}
      autoFocus={focus}
      type={secret ? "password" : "text"}
      spellcheck={false}
      autocomplete={secret ? "new-password" : "off"}
      hint={param.example && t("sources_example", { example: param.example })}
      onText={onText}
    />
  );
}

/** What a kind asks of nearly everybody is known already: the brand's language and country; the first of a choice. */
function usual(kind: SourceKind, brand: Brand): Record<string, string> {
  const known: Record<string, string | undefined> = { language: brand.languages[0], country: brand.countries[0] };
  return Object.fromEntries(
    kind.params
      .map(({ name, required, choices }) => [name, known[name] ?? (required ? choices[0] : undefined) ?? ""] as const)
      .filter(([, value]) => value),
  );
}

/** What would fit; the server says it in English, so others get an example. */
export function wrongWords(
  error: ApiError | undefined,
  part: "params" | "secrets",
  { name, example }: SourceParam,
): string | undefined {
  const fits = error?.fields[`${part}.${name}`];
  if (!error || fits === undefined) return undefined;
  if (language() === "en") return t("sources_wrong_param", { fits });
  return example ? `${t("error_field")} ${t("sources_example", { example })}` : t("error_field");
}
