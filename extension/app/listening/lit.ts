/** A query cut into pieces by what each is: for the colours of the editor. Pure. */
import { type Fault, readSearch } from "../inbox/find/words";

/** `op`: operators and brackets; `field`: a field's name; `phrase`, `literal`, `word`; `out`: what is left out. */
export type Kind = "op" | "field" | "phrase" | "literal" | "word" | "out" | "bad";

export interface Piece {
  text: string;
  kinds: Kind[];
}

export function litPieces(query: string, fault?: Fault): Piece[] {
  const { words, parts } = readSearch(query, true);
  const kinds: Kind[][] = Array.from({ length: query.length }, () => []);
  const mark = (start: number, end: number, kind: Kind) => {
    for (let at = start; at < end && at < query.length; at++) kinds[at]!.push(kind);
  };
  for (const { kind, start, end, value_at, literal } of words) {
    if (kind === "field") mark(start, end, "field");
    else if (kind !== "term") mark(start, end, "op");
    else {
      mark(start, value_at, "field");
      mark(value_at, end, literal ? "literal" : /["“”„‟〝〞＂«‹›]/u.test(query[value_at] ?? "") ? "phrase" : "word");
    }
  }
  for (const { start, end, negated } of parts) if (negated) mark(start, end, "out");
  if (fault) mark(fault.start, Math.max(fault.end, fault.start + 1), "bad");
  const pieces: Piece[] = [];
  for (let at = 0; at < query.length; at++) {
    const last = pieces.at(-1);
    if (last && last.kinds.join() === kinds[at]!.join()) last.text += query[at];
    else pieces.push({ text: query[at]!, kinds: kinds[at]! });
  }
  return pieces;
}
