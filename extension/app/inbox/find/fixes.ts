/** How a search that cannot be read could be mended: one click each. Pure. */
import type { ApiError } from "../../../shared/api";
import { FIELDS } from "./fields";
import type { Fault } from "./words";

export interface Fix {
  /** A word of the interface, with its params. */
  key: string;
  params: Record<string, string>;
  /** The whole search, mended. */
  text: string;
}

/** Words that people try, in both languages and as other tools call them. */
const OTHER_NAMES: Record<string, string> = {
  ...{
    kind: "type",
    via: "source",
    from: "author",
    by: "author",
    auteur: "author",
    de: "author",
    titre: "title",
    subject: "title",
  },
  ...{ langue: "lang", language: "lang", lg: "lang", label: "tag", étiquette: "tag", tags: "tag", in: "site" },
  ...{ after: "since", depuis: "since", dès: "since", before: "until", to: "until", avant: "until", jusqu: "until" },
  ...{ est: "is", status: "is", état: "is", state: "is", intent: "is", mood: "is", network: "site", réseau: "site" },
};

/**
 * `labels` gives what else the values of a field are called (`{complaint: ["plainte"]}`), so that readers may write
 * what they see.
 */
export function fixesOf(text: string, fault: Fault, labels: (field: string) => Record<string, string[]>): Fix[] {
  const { start, end, params } = fault;
  const bad = text.slice(start, end);
  const put = (piece: string) => (text.slice(0, start) + piece + text.slice(end)).replace(/ {2,}/g, " ").trim();
  const away: Fix = { key: "find_fix_away", params: { text: bad }, text: put("") };
  const use = (piece: string): Fix => ({ key: "find_fix_use", params: { text: piece }, text: put(piece) });
  switch (fault.key.replace("query_error_", "")) {
    case "quote": {
      const closing = bad.includes("«") ? "»" : '"';
      return [{ key: "find_fix_add", params: { text: closing }, text: `${text.trimEnd()}${closing}` }];
    }
    case "open":
      return [{ key: "find_fix_add", params: { text: ")" }, text: `${text.trimEnd()})` }, away];
    case "both_sides":
      return [use(`"${bad}"`), away];
    case "minus": {
      const joined = text.slice(0, start + 1) + text.slice(end).trimStart();
      return /^[\s]+[^\s)]/.test(text.slice(end))
        ? [{ key: "find_fix_use", params: { text: joined.slice(start).split(/\s/)[0]! }, text: joined }, away]
        : [away];
    }
    case "pipe":
      return [use("OR")];
    case "field":
      return [...fieldsLike(String(params.field)).map((name) => use(bad.replace(/^[^:]+/, name))), quoted(bad, use)];
    case "value":
      return valuesLike(String(params.text), labels(String(params.field))).map((value) => ({
        ...use(value),
        params: { text: `${params.field}:${value}` },
      }));
    case "backtick":
      return [{ key: "find_fix_add", params: { text: "`" }, text: `${text.trimEnd()}\`` }];
    case "distance":
      return [use(bad.replace(/\d+/, (n) => (Number(n) > 20 ? "20" : "1")))];
    case "tilde":
      return /["”»]\s+$/.test(text.slice(0, start))
        ? [
            {
              key: "find_fix_use",
              params: { text: `"…"${bad}` },
              text: text.slice(0, start).trimEnd() + text.slice(start),
            },
            away,
          ]
        : [away];
    case "near_mixed":
    case "near_sides":
      return /^NEAR/.test(bad) ? [use("AND")] : [away];
    case "near_field":
      return [use(bad.replace(/\s*\bNEAR(?:\/\d+)?\s*/g, " "))];
    case "close":
    case "brackets":
    case "not":
    case "ampersand":
    case "wildcard":
    case "stem":
    case "field_empty":
    case "no_letters":
      return [away];
    default:
      return [];
  }
}

function quoted(bad: string, use: (piece: string) => Fix): Fix {
  return use(`"${bad.replace(/["“”]/g, "")}"`);
}

function fieldsLike(written: string): string[] {
  const wanted = written.toLowerCase();
  const known = OTHER_NAMES[wanted];
  if (known) return [known];
  return FIELDS.filter((name) => name.startsWith(wanted) || distance(name, wanted) <= (name.length > 3 ? 2 : 1)).slice(
    0,
    2,
  );
}

function valuesLike(written: string, labels: Record<string, string[]>): string[] {
  const wanted = folded(written);
  const scored = Object.entries(labels).map(([value, other]) => {
    const names = [value, ...other].map(folded);
    const near = Math.min(...names.map((name) => (name.startsWith(wanted) ? 0 : distance(name, wanted))));
    return { value, near };
  });
  return scored
    .filter(({ near }) => near <= Math.max(1, Math.floor(wanted.length / 3)))
    .sort((a, b) => a.near - b.near)
    .slice(0, 3)
    .map(({ value }) => value);
}

/** Without accents and case. */
export function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** How many letters must be put, taken or changed to make one word of the other. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1;
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + same));
    }
    row = next;
  }
  return row[other.length]!;
}

/** What the server refused, as a fault of `text`: its position comes in code points. */
export function faultOf(error: ApiError, text: string): Fault | undefined {
  const { key, params, position } = error.extra as { key?: string; params?: Fault["params"]; position?: number };
  if (!key || position === undefined) return undefined;
  const start = Math.min(Array.from(text).slice(0, position).join("").length, text.length);
  const length = /^(?:[^\s()]+|.)/u.exec(text.slice(start))?.[0].length ?? 0;
  return { key, params: params ?? {}, start, end: start + length };
}

/** Whether typing on could mend it: nothing to complain of while somebody writes at the end. */
export function isUnfinished(text: string, fault: Fault): boolean {
  const name = fault.key.replace("query_error_", "");
  if (name === "quote" || name === "open") return true;
  const at_end = text.slice(fault.end).trim() === "";
  if (name === "value") return at_end && !/\s$/.test(text) && /^[\p{L}\d]/u.test(String(fault.params.text));
  return at_end && ["both_sides", "not", "minus", "field_empty"].includes(name);
}
