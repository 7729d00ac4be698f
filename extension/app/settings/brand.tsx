import { useState } from "preact/hooks";
import { ApiError } from "../../shared/api";
import { t } from "../../shared/i18n";
import type { Brand } from "../../shared/types";
import { Button, Input, TextArea, toast, undoable } from "../../shared/ui";
import { BrandFields, type BrandValues, brandValues } from "../brand/fields";
import { networkName } from "../inbox/who";
import { may, type PageProps } from "../page";

const HANDLES = ["mastodon", "bluesky", "hackernews"] as const;
const UTM = ["source", "medium", "campaign"] as const;

type Fields = BrandValues & Pick<Brand, "voice" | "handles" | "utm">;

function fieldsOf(brand: Brand | null): Fields {
  return { ...brandValues(brand), voice: brand?.voice ?? "", handles: brand?.handles ?? {}, utm: brand?.utm ?? {} };
}

/** `now`, with what was not changed since `before` as it is in `there`. */
function over(now: Fields, before: Fields, there: Fields): Fields {
  const kept = Object.entries(now).filter(([name, value]) => !isSame(value, before[name as keyof Fields]));
  return { ...there, ...Object.fromEntries(kept) };
}

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

const given = (record: Record<string, string>) =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value.trim()));

const isAsked = (network: string) => (HANDLES as readonly string[]).includes(network);

/** Those asked for, and those that became known in pages. */
const networksOf = (handles: Brand["handles"]) => [
  ...HANDLES,
  ...Object.keys(handles).filter((network) => !isAsked(network)),
];

/** The brand in use, or a further one: what it is called, how it speaks, how its links are marked. */
export function BrandPart({ client, brand, me, params, go, setParams }: PageProps) {
  const adding = params.add === "1" && me.server.admin;
  const subject = adding ? null : brand;
  const [fields, setFields] = useState(() => fieldsOf(subject));
  /** What they were before anything was written. */
  const [start, setStart] = useState(fields);
  const [of, setOf] = useState(subject?.version ?? -1);
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const version = subject?.version ?? -1;
  if (of !== version) {
    setOf(version);
    setStart(fieldsOf(subject));
    // Somebody else saved it: what is written here and not saved stays.
    setFields(of === -1 || version === -1 ? fieldsOf(subject) : over(fields, start, fieldsOf(subject)));
  }
  const set = (change: Partial<Fields>) => setFields((old) => ({ ...old, ...change }));
  const readonly = !adding && !may(brand, "owner");

  const save = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setWrong({});
    const body = { ...fields, handles: given(fields.handles), utm: given(fields.utm) };
    try {
      if (subject) {
        const saved = await client.patch<Brand>(`/brands/${subject.id}`, { ...body, version: subject.version });
        setFields((now) => over(now, fields, fieldsOf(saved)));
        setStart(fieldsOf(saved));
      } else await client.post<Brand>("/brands", body);
      toast(t("settings_saved"));
      if (adding) go("settings", { part: "brand" });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setWrong(Object.fromEntries(Object.keys(error.fields).map((field) => [field, error.textOf(field)])));
      toast(error.text);
    } finally {
      setBusy(false);
    }
  };

  const remove = async () => {
    try {
      await client.del(`/brands/${brand.id}`);
    } catch (error) {
      return void toast(error instanceof ApiError ? error.text : t("error_internal"));
    }
    undoable(t("settings_brand_removed", { name: brand.name }), () => void client.post(`/brands/${brand.id}/restore`));
  };

  return (
    <form class="stack settings-form" onSubmit={(event) => void save(event)}>
      <fieldset class="stack" disabled={readonly}>
        <BrandFields values={fields} wrong={(field) => wrong[field]} onSet={set} />
        <TextArea
          label={t("settings_voice")}
          hint={t("settings_voice_hint")}
          optional
          value={fields.voice}
          onText={(voice) => set({ voice })}
        />
        <details>
          <summary>{t("settings_more")}</summary>
          <div class="stack">
            <p class="muted">{t("settings_handles_hint")}</p>
            <div class="settings-trio">
              {networksOf(fields.handles).map((network) => (
                <Input
                  key={network}
                  label={
                    isAsked(network)
                      ? t(`settings_handle_${network}`)
                      : t("settings_handle_on", { network: networkName(network) })
                  }
                  optional
                  value={fields.handles[network] ?? ""}
                  onText={(handle) => set({ handles: { ...fields.handles, [network]: handle } })}
                />
              ))}
            </div>
            <p class="muted">{t("settings_utm_hint")}</p>
            <div class="settings-trio">
              {UTM.map((name) => (
                <Input
                  key={name}
                  label={`utm_${name}`}
                  optional
                  value={fields.utm[name] ?? ""}
                  onText={(value) => set({ utm: { ...fields.utm, [name]: value } })}
                />
              ))}
            </div>
          </div>
        </details>
        <div class="row wrap">
          <Button kind="primary" type="submit" busy={busy}>
            {t(adding ? "settings_brand_add" : "settings_save")}
          </Button>
          {adding && <Button onClick={() => setParams({ part: "brand" })}>{t("ui_cancel")}</Button>}
          {!adding && me.server.admin && (
            <Button kind="ghost" onClick={() => setParams({ part: "brand", add: "1" })}>
              {t("app_add_brand")}
            </Button>
          )}
          {!adding && me.brands.length > 1 && may(brand, "owner") && (
            <Button kind="ghost" class="danger" onClick={() => void remove()}>
              {t("settings_brand_remove")}
            </Button>
          )}
        </div>
      </fieldset>
    </form>
  );
}
