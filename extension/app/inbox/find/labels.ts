/** Fields of a search and their values in the reader's words. */
import { date, hasMessage, language, languageName, t } from "../../../shared/i18n";
import { networkName } from "../who";
import type { Say } from "./complete";
import { STATES, TYPES } from "./fields";

const INTENTS = ["complaint", "question", "request", "praise", "advertising"];
const MOODS = ["positive", "neutral", "negative"];

export function stateName(state: string): string {
  if (INTENTS.includes(state)) return t(`inbox_intent_${state}`);
  if (MOODS.includes(state)) return t(`inbox_mood_${state}`);
  const key = `find_is_${state.replaceAll("-", "_")}`;
  return hasMessage(key) ? t(key) : state;
}

export function languageLabel(code: string): string {
  return code === "und" ? t("find_language_und") : languageName(code);
}

/** `2026-11-16` → "16 Nov". */
export function dayName(day: string): string {
  return date(`${day}T12:00:00`);
}

const UNITS = { h: "hour", d: "day", j: "day", w: "week", s: "week", m: "month", y: "year", a: "year" } as const;
const NAMED = {
  today: "today",
  "aujourd’hui": "today",
  "aujourd'hui": "today",
  yesterday: "yesterday",
  hier: "yesterday",
};

/** `since:` and `until:` as people say them: "since 7 days ago", "until 16 Nov"; what is no day stays as it is. */
export function dayCondition(field: "since" | "until", value: string): string {
  const ago = /^(\d{1,4})([hdjwsmya])$/.exec(value);
  if (ago) {
    const unit = UNITS[ago[2] as keyof typeof UNITS];
    const format = { style: "unit", unit, unitDisplay: "long" } as const;
    const span = new Intl.NumberFormat(language(), format).format(Number(ago[1]));
    return t(`find_chip_${field}_ago`, { span });
  }
  const named = NAMED[value as keyof typeof NAMED];
  const day = named ? t(`find_day_${named}`) : /^\d{4}-\d\d-\d\d$/.test(value) ? dayName(value) : value;
  return t(`find_chip_${field}`, { day });
}

function days(): [string, string][] {
  const names =
    language() === "fr" ? ["aujourd’hui", "hier", "7j", "30j", "1a"] : ["today", "yesterday", "7d", "30d", "1y"];
  const keys = ["today", "yesterday", "week", "month", "year"];
  return names.map((name, at) => [name, t(`find_day_${keys[at]}`)]);
}

export function say(): Say {
  return {
    field: (name) => t(`find_field_${name}`),
    state: stateName,
    type: (name) => t(`find_type_${name}`),
    language: languageLabel,
    network: networkName,
    days: days(),
  };
}

/** What else the values of a field are called, in whichever language: for what somebody wrote that is not quite one. */
export function namesOf(field: string): Record<string, string[]> {
  if (field === "is") return Object.fromEntries(STATES.map((state) => [state, [stateName(state)]]));
  if (field === "lang") {
    const codes = ["en", "fr", "de", "es", "it", "nl", "pt", "pl", "sv", "da", "ar", "zh", "ja", "ru", "uk", "tr"];
    const tables = ["en", "fr"].map((one) => new Intl.DisplayNames([one], { type: "language" }));
    const names = (code: string) => [...tables.map((table) => table.of(code) ?? ""), languageName(code)];
    return { ...Object.fromEntries(codes.map((code) => [code, names(code)])), und: [t("find_language_und")] };
  }
  if (field === "type") return Object.fromEntries(TYPES.map((type) => [type, [t(`find_type_${type}`)]]));
  if (field === "since" || field === "until") return Object.fromEntries(days().map(([day, label]) => [day, [label]]));
  return {};
}
