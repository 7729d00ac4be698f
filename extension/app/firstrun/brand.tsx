import { useState } from "preact/hooks";
import { ApiError } from "../../shared/api";
import { language, languageName, t } from "../../shared/i18n";
import type { Brand } from "../../shared/types";
import { Button, Input, Select } from "../../shared/ui";
import type { StepProps } from "./index";

const KINDS = ["brand", "place", "person", "institution"] as const;
const LANGUAGES = ["fr", "en", "de", "es", "it", "nl", "pt"];

/** Who this is for. A further visit changes it. */
export function BrandStep({ client, brand, refresh, next }: StepProps) {
  const [name, setName] = useState(brand?.name ?? "");
  const [kind, setKind] = useState<string>(brand?.kind ?? "brand");
  const [languages, setLanguages] = useState<string[]>(brand?.languages ?? [language()]);
  const [countries, setCountries] = useState((brand?.countries ?? [regionOf()]).join(", "));
  const [address, setAddress] = useState<string>(brand?.address ?? "vous");
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const toggle = (code: string) =>
    setLanguages((old) => (old.includes(code) ? old.filter((one) => one !== code) : [...old, code]));
  const save = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setWrong({});
    const body = { name, kind, languages, countries: countries.split(/[\s,;]+/).filter(Boolean), address };
    try {
      if (brand) await client.patch<Brand>(`/brands/${brand.id}`, { ...body, version: brand.version });
      else {
        const time_zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
        await client.post<Brand>("/brands", { ...body, time_zone });
      }
      await refresh();
      next();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setWrong({ ...error.fields, other: error.text });
    } finally {
      setBusy(false);
    }
  };
  return (
    <form class="stack" onSubmit={(event) => void save(event)}>
      <Input
        label={t("settings_name")}
        value={name}
        required
        maxLength={120}
        autoFocus
        placeholder="Café Lumière"
        wrong={wrong.name}
        onText={setName}
      />
      <fieldset class="firstrun-choices">
        <legend>{t("settings_kind")}</legend>
        <div class="row wrap">
          {KINDS.map((one) => (
            <Button key={one} aria-pressed={kind === one} onClick={() => setKind(one)}>
              {t(`settings_kind_${one}`)}
            </Button>
          ))}
        </div>
      </fieldset>
      <fieldset class="firstrun-choices">
        <legend>{t("settings_languages")}</legend>
        <div class="row wrap">
          {LANGUAGES.map((code) => (
            <Button key={code} aria-pressed={languages.includes(code)} onClick={() => toggle(code)}>
              {languageName(code)}
            </Button>
          ))}
        </div>
      </fieldset>
      <div class="firstrun-pair">
        <Input
          label={t("settings_countries")}
          hint={t("settings_countries_hint")}
          value={countries}
          wrong={wrong.countries}
          onText={setCountries}
        />
        {languages.includes("fr") && (
          <Select
            label={t("settings_address_form")}
            value={address}
            options={["vous", "tu"].map((value) => ({ value, label: t(`settings_address_${value}`) }))}
            onChoose={setAddress}
          />
        )}
      </div>
      {wrong.other && (
        <p class="wrong" role="alert">
          {wrong.other}
        </p>
      )}
      <div>
        <Button kind="primary" big type="submit" busy={busy} disabled={!name.trim()}>
          {t("firstrun_go_on")}
        </Button>
      </div>
    </form>
  );
}

/** "fr-BE" → "BE"; the language's own country where the browser names none. */
function regionOf(): string {
  const locale = new Intl.Locale(navigator.language);
  return locale.region ?? locale.maximize().region ?? "FR";
}
