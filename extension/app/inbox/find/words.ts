/**
 * A search cut into its words and parts, and what is wrong with it: as the server reads it (backend/query/lex.py and
 * grammar.py; a test holds both against each other). What is not sure here is left to the server. Offsets are UTF-16.
 */
import { FIELDS, isValue, KEYWORD_FIELDS } from "./fields";

type Kind = "term" | "and" | "or" | "not" | "near" | "open" | "close" | "field";

export interface Word {
  kind: Kind;
  start: number;
  end: number;
  /** As written, without quotes and field. */
  text: string;
  /** "" = none. */
  field: string;
  /** Where the text begins, behind the field's name. */
  value_at: number;
  /** Words may only begin so. */
  begins?: boolean;
  /** As written, case and signs too. */
  literal?: boolean;
  /** How many words may stand between. */
  distance?: number;
}

/** What is wrong: `key` and `params` of the sentence, and which part of the search it is about. */
export interface Fault {
  key: string;
  params: Record<string, string | number>;
  start: number;
  end: number;
}

/** One of the things that must all hold. */
export interface Part {
  start: number;
  end: number;
  /** Where it is a single word, phrase or field; brackets and alternatives have none. */
  word?: Word;
  negated: boolean;
  /** One of several would do: `a OR b` without brackets around. */
  either?: boolean;
  /** Words with OR between, in brackets. */
  choices?: { field: string };
}

export interface Reading {
  words: Word[];
  /** [] where there is a fault. */
  parts: Part[];
  fault?: Fault;
}

const QUOTES = '"“”„‟〝〞＂';
const CLOSING: Record<string, string> = { "«": "»", "»": "«", "‹": "›", "›": "‹" };
for (const quote of QUOTES) CLOSING[quote] = QUOTES;
const RUN = new RegExp(`[^\\s()${Object.keys(CLOSING).join("")}]+`, "uy");
const OPERATORS: Record<string, Kind> = { AND: "and", OR: "or", NOT: "not", ET: "and", OU: "or", SAUF: "not" };
const MOST_DEPTH = 20;
const MIN_STEM = 3;
const MOST_DISTANCE = 20;
const MOST_NEAR = 4;
const UNSPACED =
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]\p{M}*$/u;

class Wrong extends Error {
  constructor(readonly fault: Fault) {
    super(fault.key);
  }
}

function wrong(key: string, start: number, end: number, params: Fault["params"] = {}): Wrong {
  return new Wrong({ key: `query_error_${key}`, params, start, end });
}

/** `keyword`: as a keyword, which must find something, and knows fewer fields. */
export function readSearch(text: string, keyword = false): Reading {
  const words: Word[] = [];
  try {
    cut(text, words, keyword ? KEYWORD_FIELDS : FIELDS);
    if (words.length === 0 && text.trim()) throw wrong("empty", 0, text.length);
    const parts = words.length > 0 ? new Parser(words).readAll() : [];
    if (keyword) requireSomethingToFind(parts, text);
    return { words, parts };
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    return { words, parts: [], fault: error.fault };
  }
}

/** Brackets and alternatives are left to the server. */
function requireSomethingToFind(parts: Part[], text: string): void {
  if (parts.length === 0 || !parts.every(({ word, negated }) => word && (negated || isFilter(word)))) return;
  const filter = parts.find((part) => !part.negated);
  const { start } = parts[0]!;
  const { end } = parts.at(-1)!;
  throw filter
    ? wrong("only_filter", start, end, { text: text.slice(filter.start, filter.end) })
    : wrong("exclusions", start, end);
}

/** What can be asked of no place. */
function isFilter({ field }: Word): boolean {
  return field !== "" && field !== "title";
}

function cut(text: string, words: Word[], fields: readonly string[]): void {
  for (let at = 0; at < text.length; ) {
    const sign = text[at]!;
    if (/\s/u.test(sign)) at += 1;
    else if (sign === "(" || sign === ")") {
      words.push(plain(sign === "(" ? "open" : "close", at, at + 1));
      at += 1;
    } else if (sign in CLOSING) at = phrase(text, at, at, "", words);
    else if (sign === "`") at = literal(text, at, at, "", words);
    else if (sign === "-") {
      if (at + 1 === text.length || /[\s)]/u.test(text[at + 1]!)) throw wrong("minus", at, at + 1);
      words.push(plain("not", at, at + 1));
      at += 1;
    } else at = run(text, at, words, fields);
  }
}

function plain(kind: Kind, start: number, end: number, text = ""): Word {
  return { kind, start, end, text, field: "", value_at: start };
}

function run(text: string, at: number, words: Word[], fields: readonly string[]): number {
  RUN.lastIndex = at;
  const found = RUN.exec(text)?.[0] ?? text[at]!;
  const end = at + found.length;
  if (Object.hasOwn(OPERATORS, found)) {
    words.push(plain(OPERATORS[found]!, at, end, found));
    return end;
  }
  const near = /^NEAR(?:\/(\d+))?$/.exec(found);
  if (near) {
    words.push({ ...plain("near", at, end, found), distance: distanceOf(near[1] ?? "5", at, end) });
    return end;
  }
  if (/^\|+$/.test(found)) throw wrong("pipe", at, end, { text: found });
  if (found === "&&") throw wrong("ampersand", at, end, { text: found });
  if (/^~\d+$/.test(found)) throw wrong("tilde", at, end);
  const named = /^(\p{L}+):(?!\/\/)/u.exec(found);
  if (!named) {
    if (hasLetters(found) || found.includes("*")) words.push({ ...plain("term", at, end), ...begun(found, at) });
    else if (hasPictures(found)) throw wrong("no_letters", at, end, { text: found });
    return end;
  }
  const field = named[1]!.toLowerCase();
  const value_at = at + named[0].length;
  if (!fields.includes(field)) {
    const known = fields.map((name) => `${name}:`).join(", ");
    if ((FIELDS as readonly string[]).includes(field)) throw wrong("field_here", at, end, { field, known });
    throw wrong("field", at, end, { field: named[1]!, text: found, known });
  }
  const next = text[value_at] ?? "";
  if (value_at === end && next === "(") {
    words.push({ ...plain("field", at, value_at, named[1]), field });
    return value_at;
  }
  if (value_at === end && next in CLOSING) return phrase(text, value_at, at, field, words);
  if (value_at < end && next === "`") return literal(text, value_at, at, field, words);
  const { text: value, begins } = begun(found.slice(named[0].length), value_at);
  if (!hasLetters(value)) {
    if (hasPictures(value)) throw wrong("no_letters", at, end, { text: value });
    throw wrong("field_empty", at, end, { field: named[1]! });
  }
  words.push({ kind: "term", start: at, end, text: value, field, value_at, begins });
  return end;
}

/** A word as it is written, and whether it only begins so: `plug*`. */
function begun(written: string, at: number): { text: string; begins: boolean } {
  const bare = stripped(written);
  if (!bare.includes("*")) return { text: bare, begins: false };
  const star = at + written.indexOf("*");
  if (bare.indexOf("*") !== bare.length - 1 || !BEGINS.test(bare)) throw wrong("wildcard", star, star + 1);
  requireStem(bare.slice(0, -1), star);
  return { text: bare.slice(0, -1), begins: true };
}

function requireStem(text: string, star: number): void {
  const stem = /[\p{L}\p{N}\p{M}]*$/u.exec(text)![0];
  if ([...stem].length < MIN_STEM && !UNSPACED.test(stem)) throw wrong("stem", star, star + 1, { limit: MIN_STEM });
}

function distanceOf(digits: string, start: number, end: number): number {
  const distance = Number(digits);
  if (distance < 1 || distance > MOST_DISTANCE) throw wrong("distance", start, end, { limit: MOST_DISTANCE });
  return distance;
}

function literal(text: string, at: number, start: number, field: string, words: Word[]): number {
  const close = text.indexOf("`", at + 1);
  if (close < 0) throw wrong("backtick", at, text.length);
  const inside = text.slice(at + 1, close);
  if (!hasLetters(inside)) throw wrong("no_letters", at, close + 1, { text: text.slice(at, close + 1) });
  words.push({ kind: "term", start, end: close + 1, text: inside, field, value_at: at, literal: true });
  return close + 1;
}

const hasLetters = (text: string) => /[\p{L}\p{N}]/u.test(text);
/** Dashes and dots are lower: those say nothing, and nothing is wrong with them. */
const hasPictures = (text: string) => /[\u{2c00}-\u{10ffff}]/u.test(text);

const BEGINS = /[\p{L}\p{N}]\p{M}*\*$/u;
const ENDS = /^(?:[^\p{L}\p{N}_#@.*]\p{M}*)+|(?:[^\p{L}\p{N}\p{M}_+#*]\p{M}*)+$/gu;

/** Signs at the ends say nothing; marks belong to what they stand on. */
function stripped(written: string): string {
  const address = /^https?:\/\/(?:www\.)?/i.exec(written);
  const bare = address ? written.slice(address[0].length).replace(/\/+$/, "") : written;
  return bare.replace(ENDS, "") || written;
}

function phrase(text: string, at: number, start: number, field: string, words: Word[]): number {
  const closing = CLOSING[text[at]!]!;
  let close = at + 1;
  while (close < text.length && !closing.includes(text[close]!)) close += 1;
  if (close === text.length) throw wrong("quote", at, text.length);
  const inside = text
    .slice(at + 1, close)
    .split(/\s+/u)
    .filter(Boolean)
    .join(" ");
  if (!hasLetters(inside)) throw wrong("no_letters", at, close + 1, { text: text.slice(at, close + 1) });
  const begins = BEGINS.test(inside);
  if (begins) requireStem(inside.slice(0, -1), text.lastIndexOf("*", close));
  const apart = /^~(\d+)/.exec(text.slice(close + 1));
  const end = close + 1 + (apart?.[0].length ?? 0);
  const distance = apart ? distanceOf(apart[1]!, close + 1, end) : 0;
  const plainly = begins ? inside.slice(0, -1) : inside;
  words.push({ kind: "term", start, end, text: plainly, field, value_at: at, begins, distance });
  return end;
}

/** Words and phrases, which alone can stand near each other. */
function isPlain({ field, literal, distance }: Word): boolean {
  return !literal && !distance && (field === "" || field === "title" || field === "author");
}

/** Recursive descent: or → and → unary → near → primary. Gives the parts that must all hold. */
class Parser {
  private at = 0;
  private depth = 0;
  private field = "";

  constructor(private readonly words: Word[]) {}

  readAll(): Part[] {
    const parts = this.readOr();
    const left = this.words[this.at];
    if (left) throw wrong("close", left.start, left.end);
    return parts;
  }

  private get next(): Word | undefined {
    return this.words[this.at];
  }

  private readOr(): Part[] {
    const sides = [this.readAnd()];
    while (this.next?.kind === "or") {
      this.requireOperand(this.words[this.at++]!);
      sides.push(this.readAnd());
    }
    const all = sides.flat();
    return sides.length === 1 ? all : [{ start: all[0]!.start, end: all.at(-1)!.end, negated: false, either: true }];
  }

  private readAnd(): Part[] {
    const parts = [this.readUnary()];
    while (this.next && this.next.kind !== "or" && this.next.kind !== "close") {
      if (this.next.kind === "and") this.requireOperand(this.words[this.at++]!);
      parts.push(this.readUnary());
    }
    return parts;
  }

  private readUnary(): Part {
    const word = this.words[this.at++];
    if (!word) throw wrong("empty", 0, 0);
    const { kind, start } = word;
    if (kind === "not") {
      if (!this.next || !["term", "not", "open", "field"].includes(this.next.kind))
        throw wrong(word.text ? "not" : "minus", start, word.end);
      this.enter(word);
      const part = this.readUnary();
      this.depth -= 1;
      return { ...part, start, negated: !part.negated };
    }
    this.at -= 1;
    return this.readNear();
  }

  private readNear(): Part {
    const first = this.readPrimary();
    const sides = [first];
    let distance = 0;
    while (this.next?.kind === "near") {
      const near = this.words[this.at++]!;
      this.requireOperand(near);
      if (distance && distance !== near.distance) throw wrong("near_mixed", near.start, near.end);
      distance = near.distance!;
      const following = this.words[this.at];
      if (following?.kind === "not") throw wrong("near_sides", near.start, near.end);
      sides.push(this.readPrimary());
      if (!sides.every(({ word, choices }) => choices || (word && isPlain(word))))
        throw wrong("near_sides", near.start, near.end);
    }
    if (sides.length === 1) return first;
    const { start } = first;
    const { end } = sides.at(-1)!;
    const fields = new Set(sides.map(({ word, choices }) => choices?.field ?? word?.field ?? ""));
    if (fields.size > 1) throw wrong("near_field", start, end);
    if (sides.length > MOST_NEAR) throw wrong("near_many", start, end, { limit: MOST_NEAR });
    return { start, end, negated: false };
  }

  private readPrimary(): Part {
    const word = this.words[this.at++]!;
    const { kind, start, end } = word;
    if (kind === "term") {
      if (this.field && word.field) throw wrong("field_inside", start, end, { field: word.field });
      const field = word.field || this.field;
      const is_text = field === "" || field === "title" || field === "author";
      if (!is_text && word.begins) throw wrong("wildcard", end - 1, end);
      if (!is_text && word.distance) throw wrong("near_sides", start, end);
      const apart = word.distance ? word.text.split(" ").filter(hasLetters).length : 0;
      if (apart > MOST_NEAR) throw wrong("near_many", start, end, { limit: MOST_NEAR });
      if (!isValue(field, word.text)) {
        const possible = POSSIBLE[field] ?? "2026-11-30, 2026-11, 7d, 2w, yesterday, today";
        throw wrong("value", word.field ? word.value_at : start, end, { field, text: word.text, possible });
      }
      return { start, end, word: { ...word, field }, negated: false };
    }
    if (kind === "field") {
      if (this.field) throw wrong("field_inside", start, end, { field: word.text });
      this.field = word.field;
      const group = this.readGroup(this.words[this.at++]!);
      this.field = "";
      return { start, end: group.end, negated: false };
    }
    if (kind === "open") return this.readGroup(word);
    if (kind === "close") throw wrong("close", start, end);
    throw wrong("both_sides", start, end, { operator: word.text });
  }

  private readGroup(opened: Word): Part {
    if (!this.next) throw wrong("open", opened.start, opened.end);
    if (this.next.kind === "close") throw wrong("brackets", opened.start, this.next.end);
    this.enter(opened);
    const from = this.at;
    const parts = this.readOr();
    this.depth -= 1;
    const closed = this.words[this.at++];
    if (!closed) throw wrong("open", opened.start, opened.end);
    // What can stand beside NEAR: words, with nothing but OR between.
    const inside = this.words.slice(from, this.at - 1);
    const takes_turns = inside.every((one, at) => (at % 2 ? one.kind === "or" : one.kind === "term" && isPlain(one)));
    const only = takes_turns && parts.length === 1;
    const field = this.field || inside[0]?.field || "";
    const choices = only && inside.every((one) => one.kind === "or" || (one.field || this.field) === field);
    return { start: opened.start, end: closed.end, negated: false, ...(choices && { choices: { field } }) };
  }

  private requireOperand({ start, end, text }: Word): void {
    if (!this.next || ["or", "and", "near", "close"].includes(this.next.kind))
      throw wrong("both_sides", start, end, { operator: text });
  }

  private enter({ start, end }: Word): void {
    this.depth += 1;
    if (this.depth > MOST_DEPTH) throw wrong("too_deep", start, end, { limit: MOST_DEPTH });
  }
}

const POSSIBLE: Record<string, string> = {
  is: "complaint, question, praise, open, new, unanswered, mine",
  lang: "en, fr, de, und",
  site: "lemonde.fr, mastodon",
  type: "post, comment, article, video, page",
  source: "feed, googlenews, bingnews, hackernews, mastodon, page",
};

/** A search with one more thing that must hold. */
export function addWord(q: string, word: string): string {
  const { parts } = readSearch(q);
  return `${parts[0]?.either ? `(${q.trim()})` : q.trim()} ${word}`.trim();
}

/** A search without some of its parts. */
export function withoutParts(q: string, gone: (part: Part) => boolean): string {
  const { parts, fault } = readSearch(q);
  if (fault || !parts.some(gone)) return q;
  return parts
    .filter((part) => !gone(part))
    .map(({ start, end }) => q.slice(start, end))
    .join(" ");
}
