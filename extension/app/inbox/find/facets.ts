/**
 * What a list can be narrowed by, and what choosing one value makes of the search: words where the query language can
 * say it, so that they can be read, changed and saved; a filter where it cannot (network, keyword, somebody else).
 */
import type { Filter } from "../filter";
import { canBeWritten, writeField } from "./fields";
import { addWord, type Part, readSearch, withoutParts } from "./words";

export const FACETS = [
  "intent",
  "sentiment",
  "language",
  "network",
  "keyword",
  "week",
  "tag",
  "assignee",
  "author",
] as const;
export type Facet = (typeof FACETS)[number];

const INTENTS = ["question", "complaint", "praise", "request", "advertising"];
const MOODS = ["positive", "neutral", "negative"];
/** Assigned to nobody. */
export const NOBODY = "";

/** The last day of the week that begins on `monday`, both `YYYY-MM-DD`. */
export function endOfWeek(monday: string): string {
  const at = new Date(`${monday}T00:00:00Z`);
  return new Date(at.getTime() + 6 * 86_400_000).toISOString().slice(0, 10);
}

/** The words that ask for one value; undefined where it is a filter. `me` is the member who looks. */
function wordsFor(facet: Facet, key: string, me: string): string[] | undefined {
  switch (facet) {
    case "intent":
    case "sentiment":
      return [`is:${key}`];
    case "language":
      return [`lang:${key}`];
    case "week":
      return [`since:${key}`, `until:${endOfWeek(key)}`];
    case "tag":
    case "author":
      return [writeField(facet, key)];
    case "assignee":
      return key === NOBODY ? ["is:unassigned"] : key === me ? ["is:mine"] : undefined;
    default:
      return undefined;
  }
}

/** The field of the filter, for what words cannot say. */
const NAMES = { network: "network", keyword: "keyword_id", assignee: "assignee" } as const;

/** Whether a part of the search says one of a facet's values: only one of them can hold. */
function isOf(facet: Facet, { word }: Part): boolean {
  if (!word) return false;
  const { field, text } = word;
  if (facet === "intent") return field === "is" && INTENTS.includes(text.toLowerCase());
  if (facet === "sentiment") return field === "is" && MOODS.includes(text.toLowerCase());
  if (facet === "assignee") return field === "is" && /^(?:mine|unassigned|assigned)$/i.test(text);
  if (facet === "language") return field === "lang";
  if (facet === "week") return field === "since" || field === "until";
  return facet === "author" && field === "author";
}

function says(part: Part, written: string): boolean {
  const [wanted] = readSearch(written).parts;
  if (part.negated || !part.word || !wanted?.word) return false;
  return part.word.field === wanted.word.field && part.word.text.toLowerCase() === wanted.word.text.toLowerCase();
}

export function isChosen(filter: Filter, facet: Facet, key: string, me: string): boolean {
  const words = wordsFor(facet, key, me);
  if (!words) return filter[NAMES[facet as keyof typeof NAMES]] === key;
  const { parts } = readSearch(filter.q);
  return words.every((word) => parts.some((part) => says(part, word)));
}

/** The filter with one value chosen, or no longer. */
export function toggle(filter: Filter, facet: Facet, key: string, me: string): Filter {
  const words = wordsFor(facet, key, me);
  const chosen = isChosen(filter, facet, key, me);
  if (!words) {
    const name = NAMES[facet as keyof typeof NAMES];
    const q = facet === "assignee" ? withoutParts(filter.q, (part) => isOf(facet, part)) : filter.q;
    return { ...filter, q, [name]: chosen ? "" : key };
  }
  if (chosen) return { ...filter, q: withoutParts(filter.q, (part) => words.some((word) => says(part, word))) };
  const rest = withoutParts(filter.q, (part) => !part.negated && isOf(facet, part));
  return { ...filter, ...(facet === "assignee" && { assignee: "" }), q: words.reduce(addWord, rest) };
}

export interface Value {
  key: string;
  count: number;
}

/** Values that can be asked for. */
export function choosable(facet: Facet, values: Value[]): Value[] {
  return facet === "tag" || facet === "author" ? values.filter(({ key }) => canBeWritten(key)) : values;
}
