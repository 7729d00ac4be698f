import { useState } from "preact/hooks";
import { ApiError, type Client } from "../../shared/api";
import { t } from "../../shared/i18n";
import type { Brand } from "../../shared/types";
import { Button, Input, Select } from "../../shared/ui";
import type { Channel, ChannelField, ChannelKind } from "./types";

/** What else comes here, beside what alerts name. */
const TAKES = ["spike", "complaint_spike", "rule", "trouble"] as const;

interface ChannelFormProps {
  client: Client;
  brand: Brand;
  kind: ChannelKind;
  channel?: Channel;
  /** Another of the same kind: its settings are taken over where nothing else is filled in. */
  like?: Channel | undefined;
  onSaved: (channel: Channel) => void;
  onCancel: () => void;
}

/** The fields its kind needs. A secret that is kept shows as an empty field that says so. */
export function ChannelForm({ client, brand, kind, channel, like, onSaved, onCancel }: ChannelFormProps) {
  const known = channel ?? like;
  const start = (field: ChannelField) => {
    if (field.secret) return "";
    const value = field.name === "to" && !channel ? undefined : known?.setup[field.name];
    return Array.isArray(value) ? value.join("\n") : String(value ?? field.default);
  };
  const [values, setValues] = useState<Record<string, string>>(() =>
    Object.fromEntries(kind.fields.map((field) => [field.name, start(field)])),
  );
  const [name, setName] = useState(channel?.name ?? "");
  const [takes, setTakes] = useState<string[]>(channel?.takes ?? [...TAKES]);
  const [error, setError] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  const save = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    const setup = Object.fromEntries(
      kind.fields.map(({ name: field, kind: type }) => {
        const value = (values[field] ?? "").trim();
        if (type === "list") return [field, value.split(/[\s,;]+/).filter(Boolean)];
        return [field, type === "number" ? Number(value) || value : value];
      }),
    );
    const body = { name: name.trim(), setup, takes };
    try {
      onSaved(
        channel
          ? await client.patch<Channel>(`/channels/${channel.id}`, { ...body, version: channel.version })
          : await client.post<Channel>("/channels", {
              ...body,
              name: body.name || t(`channel_kind_${kind.kind}`),
              brand_id: brand.id,
              kind: kind.kind,
              ...(like && { like: like.id }),
            }),
      );
    } catch (thrown) {
      if (!(thrown instanceof ApiError)) throw thrown;
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form class="stack alerts-form" onSubmit={(event) => void save(event)}>
      <h3>{t(`channel_kind_${kind.kind}`)}</h3>
      <p class="muted">{t(`channel_how_${kind.kind}`)}</p>
      {kind.fields.map((field, at) => (
        <OneField
          key={field.name}
          field={field}
          first={at === 0}
          kept={field.secret && (channel?.secrets.includes(field.name) || like?.secrets.includes(field.name) || false)}
          value={values[field.name] ?? ""}
          wrong={error?.fields[`setup.${field.name}`] ? error.textOf(`setup.${field.name}`) : undefined}
          onText={(value) => setValues((old) => ({ ...old, [field.name]: value, ...portOf(field.name, value, old) }))}
        />
      ))}
      <Input label={t("channel_name")} optional value={name} maxLength={120} onText={setName} />
      <details>
        <summary>{t("channel_takes")}</summary>
        <div class="stack">
          {TAKES.map((one) => (
            <label key={one} class="row">
              <input
                type="checkbox"
                checked={takes.includes(one)}
                onChange={() =>
                  setTakes((old) => (old.includes(one) ? old.filter((kept) => kept !== one) : [...old, one]))
                }
              />
              <span>{t(`channel_takes_${one}`)}</span>
            </label>
          ))}
        </div>
      </details>
      {error && (
        <p class="wrong" role="alert">
          {error.text}
        </p>
      )}
      <div class="row">
        <Button kind="primary" type="submit" busy={busy}>
          {t("settings_save")}
        </Button>
        <Button onClick={onCancel}>{t("ui_cancel")}</Button>
      </div>
    </form>
  );
}

/** Each kind of encryption has a port of its own; one that somebody wrote stays. */
function portOf(field: string, value: string, { port = "" }: Record<string, string>): Record<string, string> {
  const usual: Record<string, string> = { starttls: "587", tls: "465", none: "25" };
  return field === "security" && Object.values(usual).includes(port) ? { port: usual[value] ?? port } : {};
}

interface OneFieldProps {
  field: ChannelField;
  first: boolean;
  kept: boolean;
  value: string;
  wrong: string | undefined;
  onText: (value: string) => void;
}

function OneField({ field, first, kept, value, wrong, onText }: OneFieldProps) {
  const label = t(`channel_field_${field.name}`);
  if (field.kind === "choice") {
    return (
      <Select
        label={label}
        value={value}
        wrong={wrong}
        options={field.choices.map((choice) => ({ value: choice, label: t(`channel_security_${choice}`) }))}
        onChoose={onText}
      />
    );
  }
  return (
    <Input
      label={label}
      type={field.secret && field.name !== "url" ? "password" : "text"}
      autocomplete="off"
      spellcheck={false}
      value={value}
      wrong={wrong}
      optional={!field.needed}
      required={field.needed && !kept}
      autoFocus={first}
      hint={kept ? t("channel_kept") : field.kind === "list" ? t("channel_list_hint") : undefined}
      onText={onText}
    />
  );
}
