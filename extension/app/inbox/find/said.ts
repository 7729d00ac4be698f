/** What the server says of a query (`/queries/read`), in the reader's words. */
import { language, t } from "../../../shared/i18n";
import { networkName } from "../who";
import { dayCondition, languageLabel, stateName } from "./labels";

/** A part of a query as the server understands it. */
export interface Said {
  /** all, any, not · word, phrase, begins, exact, host · near · title, author, site, lang, type, source, tag, is, … */
  kind: string;
  text: string;
  parts: Said[];
}

export interface QueryReading {
  normalised: string;
  said: Said;
  advice: { key: string; texts: string[]; start: number; end: number }[];
  wider: { key: string; text: string; query: string }[];
}

/** "with “café”, with “terrasse” or “bar”, on lemonde.fr, without “pub”". */
export function saidWords(said: Said): string {
  if (said.kind === "any" && said.parts.some(isLong))
    return said.parts.map(saidWords).reduce((one, other) => t("query_said_else", { one, other }));
  return conditionsOf(said).join(", ");
}

/** What must be so, what must not: one short text each. */
function conditionsOf(said: Said): string[] {
  const parts = said.kind === "all" ? said.parts : [said];
  const needed = parts.flatMap((part) => wordsOf(part) ?? []);
  const excluded = parts.filter(({ kind }) => kind === "not").flatMap(excludedOf);
  const rest = parts.filter((part) => wordsOf(part) === undefined && excludedOf(part).length === 0);
  return [
    ...(needed.length > 0 ? [t("query_said_with", { words: listed(needed, "conjunction") })] : []),
    ...rest.map(condition),
    ...(excluded.length > 0 ? [t("query_said_without", { words: listed(excluded, "disjunction") })] : []),
  ];
}

/** The words that a `not` leaves out; none where it leaves out something else. */
function excludedOf({ kind, parts }: Said): string[] {
  const inner = kind === "not" ? parts[0]! : undefined;
  const all = (inner?.kind === "any" ? inner.parts : inner ? [inner] : []).map(wordsOf);
  return all.every((one) => one !== undefined) ? all : [];
}

/** What stands in the text itself, after "with"; undefined for all else. */
function wordsOf({ kind, text, parts }: Said): string | undefined {
  switch (kind) {
    case "word":
    case "phrase":
      return t("query_said_word", { text });
    case "begins":
    case "exact":
    case "host":
      return t(`query_said_${kind}`, { text });
    case "near":
      return t("query_said_near", {
        words: listed(
          parts.map((one) => wordsOf(one)!),
          "conjunction",
        ),
        n: text,
      });
    case "title":
      return t("query_said_title", { words: wordsOf(parts[0]!)! });
    default:
      return undefined;
  }
}

function condition(said: Said): string {
  const { kind, text, parts } = said;
  const words = parts.map(wordsOf);
  switch (kind) {
    case "any":
      if (words.every((one) => one !== undefined)) return t("query_said_with", { words: listed(words, "disjunction") });
      return parts.some(isLong) ? `(${saidWords(said)})` : listed(parts.map(condition), "disjunction");
    case "all":
      return `(${saidWords(said)})`;
    case "not":
      return t("query_said_not", { what: condition(parts[0]!) });
    case "author":
      return t("query_said_author", { words: words[0]! });
    case "site":
      return t("find_chip_site", { text: networkName(text) });
    case "lang":
      return text === "und" ? t("query_said_lang_und") : t("query_said_lang", { language: languageLabel(text) });
    case "type":
      return t("query_said_type", { type: t(`find_type_${text}`) });
    case "source":
      return t("query_said_source", { source: networkName(text) });
    case "tag":
      return t("query_said_tag", { tag: text });
    case "is":
      return t("query_said_is", { state: stateName(text) });
    case "since":
    case "until":
      return dayCondition(kind, text);
    default:
      return t("query_said_with", { words: wordsOf(said)! });
  }
}

/** Not one condition: among alternatives it needs brackets, or a sentence of its own. */
const isLong = ({ kind, parts }: Said): boolean => kind === "all" || (kind === "any" && parts.some(isLong));

function listed(words: string[], type: "conjunction" | "disjunction"): string {
  return new Intl.ListFormat(language() === "fr" ? "fr" : "en-GB", { type }).format(words);
}
