/** Which sources of a brand are shown, and in which lines: a heading for each purpose, its sources below. Pure. */
import { PURPOSES, type Purpose, type Source } from "../../../shared/types";

/** Empty = any. `state` "care": what needs somebody; "ok": what answers; "quiet": what answers and says nothing. */
export interface Wanted {
  words: string;
  purpose: string;
  state: string;
  kind: string;
}

export const ANY: Wanted = { words: "", purpose: "", state: "", kind: "" };

export type Line = { purpose: Purpose; count: number } | { source: Source };

export const needsCare = ({ state, last_error }: Source) =>
  state === "asleep" || state === "gone" || (Boolean(last_error) && state !== "paused");

const fold = (text: string) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

export function nameOf(source: Pick<Source, "name" | "url" | "feed_url">): string {
  return source.name || source.url || source.feed_url;
}

export function isWanted(source: Source, { words, purpose, state, kind }: Wanted): boolean {
  if (purpose && source.purpose !== purpose) return false;
  if (kind && source.kind !== kind) return false;
  if (state === "care" && !needsCare(source)) return false;
  if (state === "ok" && needsCare(source)) return false;
  if (state === "quiet" && (needsCare(source) || source.items_per_week !== 0)) return false;
  if (!words.trim()) return true;
  const text = fold(`${source.name} ${source.url} ${source.feed_url}`);
  return fold(words)
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** By purpose, then by name; what needs care stands first in its purpose. */
export function linesOf(sources: Source[], wanted: Wanted): Line[] {
  const compare = new Intl.Collator(undefined, { sensitivity: "base", numeric: true }).compare;
  const lines: Line[] = [];
  const found = sources.filter((source) => isWanted(source, wanted));
  for (const purpose of PURPOSES) {
    const here = found
      .filter((source) => source.purpose === purpose)
      .map((source) => ({ source, care: needsCare(source) ? 0 : 1, name: nameOf(source) }))
      .sort((a, b) => a.care - b.care || compare(a.name, b.name));
    if (here.length > 0) lines.push({ purpose, count: here.length }, ...here.map(({ source }) => ({ source })));
  }
  return lines;
}
