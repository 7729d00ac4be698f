/** What a brand is: the same fields at the first steps and in the settings. */
import { X } from "lucide";
import { useMemo } from "preact/hooks";
import { language, languageName, t } from "../../shared/i18n";
import type { Brand } from "../../shared/types";
import { Choices, Icon, Input, Select } from "../../shared/ui";
import { allCountries, browserZone, countryName, likelyCountry, timeZones } from "./countries";
import "./brand.css";

const KINDS = ["brand", "place", "person", "institution"] as const;
const LANGUAGES = ["fr", "en", "de", "es", "it", "nl", "pt"];

export type BrandValues = Pick<Brand, "name" | "kind" | "languages" | "countries" | "time_zone" | "address">;

/** The brand's own; for a new one what the browser lets guess. */
export function brandValues(brand: Brand | null): BrandValues {
  return {
    name: brand?.name ?? "",
    kind: brand?.kind ?? "brand",
    languages: brand?.languages ?? likelyLanguages(),
    countries: brand?.countries ?? [likelyCountry()],
    time_zone: brand?.time_zone ?? browserZone(),
    address: brand?.address ?? "vous",
  };
}

interface BrandFieldsProps {
  values: BrandValues;
  /** What is wrong with a field, by its name, in words. */
  wrong: (field: string) => string | undefined;
  onSet: (change: Partial<BrandValues>) => void;
  /** Somebody came here to write the name. */
  focus?: boolean;
}

export function BrandFields({ values, wrong, onSet, focus = false }: BrandFieldsProps) {
  const { languages, countries, time_zone } = values;
  const known = useMemo(allCountries, [language()]);
  const zones = useMemo(() => timeZones(time_zone), [time_zone]);
  return (
    <>
      <Input
        label={t("settings_name")}
        value={values.name}
        required
        maxLength={120}
        autoFocus={focus}
        autocomplete="organization"
        placeholder="Café Lumière"
        wrong={wrong("name")}
        onText={(name) => onSet({ name })}
      />
      <Choices
        label={t("settings_kind")}
        options={KINDS.map((one) => ({ id: one, label: t(`settings_kind_${one}`) }))}
        chosen={[values.kind]}
        onChoose={(kind) => onSet({ kind: kind as Brand["kind"] })}
      />
      <Choices
        label={t("settings_languages")}
        options={[...new Set([...LANGUAGES, ...languages])].map((code) => ({ id: code, label: languageName(code) }))}
        chosen={languages}
        wrong={wrong("languages")}
        onChoose={(code) => onSet({ languages: toggled(languages, code) })}
      />
      {languages.includes("fr") && (
        <Choices
          label={t("settings_address_form")}
          options={["vous", "tu"].map((one) => ({ id: one, label: t(`settings_address_${one}`) }))}
          chosen={[values.address]}
          onChoose={(address) => onSet({ address: address as Brand["address"] })}
        />
      )}
      <div class="brand-pair">
        <div class="stack brand-tight">
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
            onChoose={(code) => code && onSet({ countries: [...countries, code] })}
          />
          <ul class="row wrap">
            {countries.map((code) => (
              <li key={code}>
                <button
                  type="button"
                  class="chip accent brand-country"
                  aria-label={t("firstrun_remove_country", { name: countryName(code) })}
                  onClick={() => onSet({ countries: countries.filter((one) => one !== code) })}
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
          value={time_zone}
          options={zones.map((one) => ({ value: one, label: one.replaceAll("_", " ") }))}
          onChoose={(chosen) => onSet({ time_zone: chosen })}
        />
      </div>
    </>
  );
}

function toggled(list: string[], one: string): string[] {
  return list.includes(one) ? list.filter((other) => other !== one) : [...list, one];
}

/** Those of the browser's languages that have a button here; the interface's own first. */
function likelyLanguages(): string[] {
  const spoken = navigator.languages.map((tag) => tag.split("-")[0]!.toLowerCase());
  return [...new Set([language(), ...spoken])].filter((code) => LANGUAGES.includes(code)).slice(0, 2);
}
