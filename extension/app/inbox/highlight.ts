/** The words that matched, lit up. Offsets come in code points of the original text; JavaScript counts UTF-16 units. */
import type { Mention } from "../../shared/types";

export interface Piece {
  text: string;
  lit: boolean;
}

type Field = "title" | "text" | "author";
type Range = [start: number, end: number];

/** Where a row's second line may begin, so that the first matched word is seen although the line is cut. */
const LEAD_IN = 24;
const ROOM_BEFORE = 40;

/** Ranges of one field: of the words of the search, else of all keywords. Sorted, joined, nothing beyond the text. */
export function rangesOf(mention: Mention, field: Field): Range[] {
  const length = Array.from(mention[field] ?? "").length;
  const of_keywords = mention.keywords.flatMap(({ highlights }) => highlights ?? []);
  // Who searches wants to see why a row was found: then its words alone are lit.
  const searched = mention.highlights ?? [];
  const all = (searched.length > 0 ? searched : of_keywords)
    .filter((one) => one.field === field && one.start >= 0 && one.start < one.end && one.start < length)
    .map((one): Range => [one.start, Math.min(one.end, length)])
    .sort((a, b) => a[0] - b[0]);
  const joined: Range[] = [];
  for (const range of all) {
    const last = joined.at(-1);
    if (last && range[0] <= last[1]) last[1] = Math.max(last[1], range[1]);
    else joined.push([...range]);
  }
  return joined;
}

/** `text` cut into lit and unlit pieces, from code point `from` on. Ranges as of `rangesOf`. */
export function cutPieces(text: string, ranges: Range[], from = 0): Piece[] {
  const points = Array.from(text);
  const pieces: Piece[] = [];
  let at = from;
  const add = (end: number, lit: boolean) => {
    if (end > at) pieces.push({ text: points.slice(at, end).join(""), lit });
    at = Math.max(at, end);
  };
  for (const [start, end] of ranges) {
    if (end <= from) continue;
    add(Math.max(start, from), false);
    add(end, true);
  }
  add(points.length, false);
  return pieces;
}

/** A whole field in pieces. */
export function piecesOf(mention: Mention, field: Field): Piece[] {
  return cutPieces(mention[field] ?? "", rangesOf(mention, field));
}

/** The one line of a folded row: the title, or the text around its first matched word. */
export function lineOf(mention: Mention): Piece[] {
  const inText = rangesOf(mention, "text");
  const inTitle = rangesOf(mention, "title");
  if (mention.title && (inTitle.length > 0 || inText.length === 0 || !mention.text)) {
    const title = cutPieces(mention.title, inTitle);
    return mention.text && !mention.text.startsWith(mention.title)
      ? [...title, { text: " · ", lit: false }, ...shortened(mention.text, inText)]
      : title;
  }
  return shortened(mention.text, inText);
}

function shortened(text: string, ranges: Range[]): Piece[] {
  const first = ranges[0]?.[0] ?? 0;
  if (first <= ROOM_BEFORE) return cutPieces(text.slice(0, 600), ranges);
  const points = Array.from(text);
  let from = first - LEAD_IN;
  while (from < first && !/\s/u.test(points[from - 1]!)) from++;
  return [{ text: "… ", lit: false }, ...cutPieces(points.slice(0, from + 300).join(""), ranges, from)];
}
