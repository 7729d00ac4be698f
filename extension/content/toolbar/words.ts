/** A suggestion's text with what was filled in lit up: the author's name, links, blanks still to fill. */
import type { Suggestion } from "../../shared/messages";
import { make } from "./dom";

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

export function wordsOf({ text, blanks }: Suggestion, author: string): (string | HTMLElement)[] {
  const first = author.split(/\s+/)[0] ?? "";
  const names = [author, first].filter((name) => name.length > 1);
  const lit = [...blanks.map((blank) => (blank.startsWith("[") ? blank : `[${blank}]`)), ...names].map(escaped);
  lit.push('https?:\\/\\/[^\\s<>"]+[^\\s<>".,;:!?)]');
  const pattern = new RegExp(`(${lit.join("|")})`, "g");
  return text.split(pattern).map((piece, n) => (n % 2 === 1 ? make("u", { text: piece }) : piece));
}
