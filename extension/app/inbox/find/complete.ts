/** What could stand where the caret is in a search: fields, and values of the field one is in. Pure. */
import { canBeWritten, FIELDS, isValue, STATES, TYPES, writeField } from "./fields";
import { folded } from "./fixes";

/** What is stored, most frequent first. */
export interface Known {
  tags: string[];
  authors: string[];
  networks: string[];
  languages: string[];
}

/** The reader's words for things. */
export interface Say {
  field: (name: string) => string;
  state: (name: string) => string;
  type: (name: string) => string;
  language: (code: string) => string;
  network: (name: string) => string;
  /** Days in short, `[["today", "today"], ["7d", "the last 7 days"]]`. */
  days: [string, string][];
}

export interface Option {
  insert: string;
  detail: string;
}

export interface Completion {
  /** What an option takes the place of. */
  from: number;
  to: number;
  options: Option[];
  /** The first one is what is being written: Enter takes it. */
  sure: boolean;
}

export const NONE_KNOWN: Known = { tags: [], authors: [], networks: [], languages: [] };
const MOST = 8;
const SOURCES = ["feed", "googlenews", "bingnews", "hackernews", "mastodon", "page"];

/** `asked`: the person wants to see what there is, although nothing is typed. */
export function complete(text: string, caret: number, known: Known, say: Say, asked = false): Completion {
  const before = text.slice(0, caret);
  const found = /(?:^|[\s(])-?((?:\p{L}+:)?(?:"[^"]*|[^\s()"]*))$/u.exec(before);
  const written = found?.[1] ?? "";
  const from = caret - written.length;
  const to = caret + /^[^\s()"]*"?/u.exec(text.slice(caret))![0].length;
  const none = { from, to, options: [], sure: false };
  if (!found || (written.startsWith('"') && !asked)) return none;
  const [, field, value] = /^(\p{L}+):(.*)$/su.exec(written) ?? [];
  if (field === undefined) return { ...none, options: anything(written, known, say, asked) };
  const typed = value!.replace(/^"/, "");
  const all = valuesOf(field.toLowerCase(), known, say);
  const options = all.filter((one) => fits(one, typed)).slice(0, field === "is" && !typed ? STATES.length : MOST);
  const exact = options.some(({ insert }) => insert === written);
  const strict = ["is", "lang", "type", "since", "until"].includes(field.toLowerCase());
  if (exact && options.length === 1) return none;
  return { from, to, options, sure: strict && typed !== "" && !isValue(field.toLowerCase(), typed) };
}

type Value = Option & { names: string[] };

function fits({ names }: Value, typed: string): boolean {
  const wanted = folded(typed);
  return names.some((name) => folded(name).startsWith(wanted) || folded(name).includes(` ${wanted}`));
}

function valuesOf(field: string, known: Known, say: Say): Value[] {
  const value = (name: string, detail = ""): Value => ({
    insert: writeField(field, name),
    detail,
    names: [name, detail].filter(Boolean),
  });
  switch (field) {
    case "is":
      return STATES.map((name) => value(name, say.state(name)));
    case "type":
      return TYPES.map((name) => value(name, say.type(name)));
    case "source":
      return SOURCES.map((name) => value(name));
    case "lang":
      return [...known.languages, "und"].filter(unique).map((code) => value(code, say.language(code)));
    case "tag":
      return known.tags.filter(canBeWritten).map((tag) => value(tag));
    case "author":
      return known.authors.filter(canBeWritten).map((name) => value(name));
    case "site":
      return known.networks.filter(canBeWritten).map((name) => value(name, say.network(name)));
    case "since":
    case "until":
      return say.days.map(([day, detail]) => value(day, detail));
    default:
      return [];
  }
}

const unique = <T>(one: T, at: number, all: T[]) => all.indexOf(one) === at;

/** Fields that begin so; and from the second letter on values whose name begins so, in the reader's words. */
function anything(written: string, known: Known, say: Say, asked: boolean): Option[] {
  if (!written && !asked) return [];
  const fields = FIELDS.filter((name) => name.startsWith(written.toLowerCase())).map((name) => ({
    insert: `${name}:`,
    detail: say.field(name),
  }));
  if (written.length < 2) return fields;
  const values = ["is", "lang", "type", "tag", "author", "site"].flatMap((field) => valuesOf(field, known, say));
  return [...fields, ...values.filter((one) => fits(one, written))].slice(0, MOST);
}

/** The search with an option put in, and where the caret is then. */
export function put(text: string, { from, to }: Completion, { insert }: Option): { text: string; caret: number } {
  const whole = insert.endsWith(":");
  const rest = text.slice(to);
  const piece = whole || /^\s/.test(rest) ? insert : `${insert} `;
  return {
    text: text.slice(0, from) + piece + rest,
    caret: from + piece.length + (piece === insert && !whole ? 1 : 0),
  };
}
