/**
 * The words of the interface, numbers and times, in the person's language. Words come from `_locales` through
 * `addMessages` (pages: `import "./words"`; content: what the background hands over, in content/kit.ts).
 */

export type Language = "en" | "fr";
export type Values = Record<string, string | number>;

const tables: Record<string, Record<string, string>> = { en: {}, fr: {} };
let current: Language = guess();
const listeners = new Set<() => void>();

function guess(): Language {
  const spoken = typeof navigator === "undefined" ? "en" : (navigator.languages?.[0] ?? navigator.language ?? "en");
  return spoken.toLowerCase().startsWith("fr") ? "fr" : "en";
}

/** Add words: `{en: {key: message}, fr: {…}}`. */
export function addMessages(table: Record<string, Record<string, string>>): void {
  for (const [code, messages] of Object.entries(table)) tables[code] = { ...tables[code], ...messages };
}

export function language(): Language {
  return current;
}

/** The browser's own language where nobody chose one. */
export const browserLanguage: () => Language = guess;

/** Choose the language of everything drawn from now on; pages that listen (`onLanguage`) draw again. */
export function setLanguage(chosen: Language): void {
  if (chosen === current) return;
  current = chosen;
  if (typeof document !== "undefined" && document.documentElement?.dataset.entregent) {
    document.documentElement.lang = chosen;
  }
  for (const listener of listeners) listener();
}

/** Call `listener` whenever the language changes. Returns how to stop. */
export function onLanguage(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function hasMessage(key: string): boolean {
  return key in tables[current]! || key in tables.en!;
}

/** The message of `key` with its `{placeholders}` filled; the key itself where there is none (tests look for those). */
export function t(key: string, values: Values = {}): string {
  const message = tables[current]![key] ?? tables.en![key] ?? key;
  return message.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === "number" ? number(value) : value;
  });
}

/** The plural form of `key` for `n` (`key_one`, `key_other`), with `{n}` filled. */
export function plural(key: string, n: number, values: Values = {}): string {
  const form = `${key}_${new Intl.PluralRules(current).select(n)}`;
  return t(hasMessage(form) ? form : `${key}_other`, { n, ...values });
}

/** The translation of an API error's code, else its own English message. */
export function errorText(code: string, message = ""): string {
  const key = `error_${code}`;
  return hasMessage(key) ? t(key) : message || t("error_internal");
}

/** 1234 → "1,234" or "1 234". */
export function number(n: number): string {
  return new Intl.NumberFormat(current).format(n);
}

/** How long ago, short: "now", "4 min", "5 h", "yesterday", "3 Nov", "3 Nov 2024". */
export function ago(at: string | Date, now: Date = new Date()): string {
  const then = new Date(at);
  const minutes = Math.floor((now.getTime() - then.getTime()) / 60_000);
  if (Number.isNaN(minutes)) return "";
  if (minutes < 1 && minutes > -2) return t("time_now");
  if (minutes >= 0 && minutes < 60) return t("time_minutes", { n: minutes });
  const days = daysBetween(then, now);
  if (minutes >= 0 && (days === 0 || minutes < 6 * 60)) return t("time_hours", { n: Math.floor(minutes / 60) });
  if (days === 1) return t("time_yesterday");
  return date(then, now);
}

/** A day: "3 Nov", with the year where it is another one. */
export function date(at: string | Date, now: Date = new Date()): string {
  const then = new Date(at);
  const sameYear = then.getFullYear() === now.getFullYear();
  return format(then, { day: "numeric", month: "short", ...(sameYear ? {} : { year: "numeric" }) });
}

/** A moment in full: "Mon 23 Nov, 09:00", in `zone` (IANA) or the reader's own. */
export function moment(at: string | Date, zone?: string): string {
  const parts: Intl.DateTimeFormatOptions = {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  };
  return format(new Date(at), zone ? { ...parts, timeZone: zone } : parts);
}

/** A time of day: "09:00". */
export function clock(at: string | Date, zone?: string): string {
  const parts: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit" };
  return format(new Date(at), zone ? { ...parts, timeZone: zone } : parts);
}

/** A moment on this computer's own clock, and said so where people here read another: "09:00 on its own clock". */
export function ownClock(at: string | Date, zone: string, write: typeof clock = clock): string {
  const own = write(at);
  return own === write(at, zone) ? own : t("time_own_clock", { at: own });
}

function format(at: Date, options: Intl.DateTimeFormatOptions): string {
  if (Number.isNaN(at.getTime())) return "";
  // Making a format takes a browser some fifty times as long as using it, and a list says hundreds of times a second.
  const key = current + JSON.stringify(options);
  let written = formats.get(key);
  if (!written) {
    // British order and 24 hours: what European readers of the English interface expect.
    written = new Intl.DateTimeFormat(current === "en" ? "en-GB" : "fr-FR", options);
    formats.set(key, written);
  }
  return written.format(at);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function daysBetween(then: Date, now: Date): number {
  const day = (d: Date) => Date.UTC(d.getFullYear(), d.getMonth(), d.getDate());
  return Math.round((day(now) - day(then)) / 86_400_000);
}

/** A language's name in the interface's language: "fr" → "French". */
export function languageName(code: string): string {
  try {
    return new Intl.DisplayNames([current], { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}
