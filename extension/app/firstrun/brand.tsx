import { X } from "lucide";
import { useMemo, useState } from "preact/hooks";
import { ApiError } from "../../shared/api";
import { language, languageName, t } from "../../shared/i18n";
import type { Brand } from "../../shared/types";
import { Button, Icon, Input, Select } from "../../shared/ui";
import { fieldWords } from "../listening/words";
import { allCountries, browserZone, countryName, likelyCountry, timeZones } from "./countries";
import type { StepProps } from "./index";

const KINDS = ["brand", "place", "person", "institution"] as const;
const LANGUAGES = ["fr", "en", "de", "es", "it", "nl", "pt"];

/** Who this is for. A further visit changes it. */
export function BrandStep({ client, brand, refresh, next }: StepProps) {
  const [name, setName] = useState(brand?.name ?? "");
  const [kind, setKind] = useState<string>(brand?.kind ?? "brand");
  const [languages, setLanguages] = useState<string[]>(brand?.languages ?? likelyLanguages());
  const [countries, setCountries] = useState<string[]>(brand?.countries ?? [likelyCountry()]);
  const [zone, setZone] = useState(brand?.time_zone ?? browserZone());
  const [address, setAddress] = useState<string>(brand?.address ?? "vous");
  const [error, setError] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  const known = useMemo(allCountries, [language()]);
  const zones = useMemo(() => timeZones(zone), []);
  const wrong = (field: string) => (error?.fields[field] ? fieldWords(error, field) : undefined);

  const save = async (event: Event) => {
    event.preventDefault();
    if (!name.trim()) return;
    setBusy(true);
    setError(undefined);
    const body = { name, kind, languages, countries, address, time_zone: zone };
    try {
      if (brand) await client.patch<Brand>(`/brands/${brand.id}`, { ...body, version: brand.version });
      else await client.post<Brand>("/brands", body);
      await refresh();
      next();
    } catch (thrown) {
      if (!(thrown instanceof ApiError)) throw thrown;
      setError(thrown);
      if (thrown.status === 409) await refresh();
    } finally {
      setBusy(false);
    }
  };
  return (
    <form class="stack firstrun-form" onSubmit={(event) => void save(event)}>
      <Input
        label={t("settings_name")}
        value={name}
        required
        maxLength={120}
        autoFocus
        autocomplete="organization"
        placeholder="Café Lumière"
        wrong={wrong("name")}
        onText={setName}
      />
      <Choices
        label={t("settings_kind")}
        options={KINDS.map((one) => ({ id: one, label: t(`settings_kind_${one}`) }))}
        chosen={[kind]}
        onChoose={setKind}
      />
      <Choices
        label={t("settings_languages")}
        options={[...new Set([...LANGUAGES, ...languages])].map((code) => ({ id: code, label: languageName(code) }))}
        chosen={languages}
        onChoose={(code) =>
          setLanguages((old) => (old.includes(code) ? old.filter((one) => one !== code) : [...old, code]))
        }
      />
      {languages.includes("fr") && (
        <Choices
          label={t("settings_address_form")}
          options={["vous", "tu"].map((one) => ({ id: one, label: t(`settings_address_${one}`) }))}
          chosen={[address]}
          onChoose={setAddress}
        />
      )}
      <div class="firstrun-pair">
        <div class="stack firstrun-tight">
          <Select
            label={t("settings_countries")}
            wrong={wrong("countries")}
            value=""
            options={[
              { value: "", label: t("firstrun_add_country") },
              ...known
                .filter(({ code }) => !countries.includes(code))
                .map(({ code, name: label }) => ({ value: code, label })),
            ]}
            onChoose={(code) => code && setCountries((old) => [...old, code])}
          />
          <ul class="row wrap">
            {countries.map((code) => (
              <li key={code}>
                <button
                  type="button"
                  class="chip accent"
                  aria-label={t("firstrun_remove_country", { name: countryName(code) })}
                  onClick={() => setCountries((old) => old.filter((one) => one !== code))}
                >
                  {countryName(code)} <Icon icon={X} />
                </button>
              </li>
            ))}
          </ul>
        </div>
        <Select
          label={t("settings_time_zone")}
          wrong={wrong("time_zone")}
          value={zone}
          options={zones.map((one) => ({ value: one, label: one.replaceAll("_", " ") }))}
          onChoose={setZone}
        />
      </div>
      {error && Object.keys(error.fields).length === 0 && (
        <p class="wrong" role="alert">
          {error.text}
        </p>
      )}
      <div>
        <Button kind="primary" big type="submit" busy={busy} disabled={!name.trim()}>
          {t(brand ? "firstrun_save_go_on" : "firstrun_go_on")}
        </Button>
      </div>
    </form>
  );
}

interface ChoicesProps {
  label: string;
  options: { id: string; label: string }[];
  chosen: string[];
  onChoose: (id: string) => void;
}

/** A few buttons beside each other, some of them pressed. */
export function Choices({ label, options, chosen, onChoose }: ChoicesProps) {
  return (
    <fieldset class="firstrun-choices">
      <legend>{label}</legend>
      <div class="row wrap">
        {options.map((one) => (
          <Button key={one.id} aria-pressed={chosen.includes(one.id)} onClick={() => onChoose(one.id)}>
            {one.label}
          </Button>
        ))}
      </div>
    </fieldset>
  );
}

/** Those of the browser's languages that have a button here; the interface's own first. */
function likelyLanguages(): string[] {
  const spoken = navigator.languages.map((tag) => tag.split("-")[0]!.toLowerCase());
  return [...new Set([language(), ...spoken])].filter((code) => LANGUAGES.includes(code)).slice(0, 2);
}
