import { language } from "../../shared/i18n";

const LETTERS = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
/** Regions of Unicode that are no countries. */
const NO_COUNTRIES = new Set(["EU", "EZ", "UN", "QO", "ZZ", "XA", "XB"]);

/** Every country the browser can name, in the reader's language and order. */
export function allCountries(): { code: string; name: string }[] {
  const names = new Intl.DisplayNames([language()], { type: "region", fallback: "none" });
  return LETTERS.flatMap((first) => LETTERS.map((second) => first + second))
    .filter((code) => !NO_COUNTRIES.has(code) && new Intl.Locale(`und-${code}`).region === code)
    .map((code) => ({ code, name: names.of(code) ?? "" }))
    .filter(({ name }) => name !== "")
    .sort((a, b) => a.name.localeCompare(b.name, language()));
}

export function countryName(code: string): string {
  try {
    return new Intl.DisplayNames([language()], { type: "region" }).of(code) ?? code;
  } catch {
    return code;
  }
}

/** Where the browser seems to be: "fr-BE" → "BE"; its language's own country where it names none. */
export function likelyCountry(): string {
  const locale = new Intl.Locale(navigator.language);
  return locale.region ?? locale.maximize().region ?? "FR";
}

/** The browser's time zone, and all others it knows. */
export function timeZones(chosen: string): string[] {
  return [...new Set([chosen, ...Intl.supportedValuesOf("timeZone"), "UTC"])].sort();
}

export function browserZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}
