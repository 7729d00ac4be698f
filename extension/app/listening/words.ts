/** Errors, places and states in the reader's words. */
import type { ApiError } from "../../shared/api";
import { clock, hasMessage, moment, plural, t } from "../../shared/i18n";
import type { Source } from "../../shared/types";
import { networkName } from "../inbox/who";

const SOON_MS = 60_000;
/** Further away than this a time of day alone would mislead. */
const A_DAY_MS = 20 * 3600_000;

/** Why a place was not asked, did not answer, or cannot be heard. The server's code stands for itself where we have none. */
export function noteWords(note: string): string {
  const key = `listening_note_${note}`;
  return hasMessage(key) ? t(key) : note;
}

/** What is wrong with one field: by the error's own code where that says it, else in plain words. */
export function fieldWords(error: ApiError, field: string): string {
  return error.textOf(field);
}

/** "9 in the press, 5 on Mastodon". */
export function networkWords(networks: { key: string; count: number }[]): string {
  return networks
    .map(({ key, count }) =>
      hasMessage(`listening_in_${key}`)
        ? t(`listening_in_${key}`, { n: count })
        : t("listening_in", { n: count, place: networkName(key) }),
    )
    .join(", ");
}

type Polled = Pick<Source, "state" | "last_error" | "last_polled_at" | "next_poll_at" | "listening_since"> &
  Partial<Pick<Source, "push">>;

/** "09:12", with its day where it is not near. In `zone`. */
function timeWords(at: string, zone: string, now: Date): string {
  return Math.abs(new Date(at).getTime() - now.getTime()) > A_DAY_MS ? moment(at, zone) : clock(at, zone);
}

/** "asked at 12:40 · next at 13:00"; when something is wrong, what, and when we try again. Times in `zone`. */
export function stateWords(source: Polled, zone: string, now: Date = new Date()): string {
  const times = timesWords(source, zone, now);
  return source.last_error && source.state !== "paused" ? `${noteWords(source.last_error)} · ${times}` : times;
}

/** The times alone: "last try 12:40 · next try 13:00". */
export function timesWords(source: Polled, zone: string, now: Date = new Date()): string {
  if (source.state === "paused") return t("listening_paused_words");
  const { last_polled_at: last, next_poll_at: next } = source;
  const at = (text: string) => timeWords(text, zone, now);
  if (source.listening_since && !source.last_error)
    return t("listening_without_break", { at: timeWords(source.listening_since, zone, now) });
  // Nobody asks: it is sent to us.
  if (!next && source.state === "ok") return t("listening_comes");
  const soon = !next || new Date(next).getTime() - now.getTime() < SOON_MS;
  const words: string[] = [];
  if (source.last_error) {
    if (last) words.push(t("listening_last_try", { at: at(last) }));
    if (source.state === "gone") words.push(t("listening_rests"));
    else words.push(soon ? t("listening_try_soon") : t("listening_next_try", { at: at(next) }));
  } else {
    if (last) words.push(t("listening_last", { at: at(last) }));
    words.push(soon ? t("listening_next_soon") : t("listening_next", { at: at(next) }));
    if (source.push === "working") words.push(t("listening_pushed"));
    if (source.push === "broken") words.push(t("listening_push_broken"));
  }
  return words.join(" · ");
}

/** The newest of some moments. */
export function newest(moments: (string | null)[]): string | undefined {
  return moments
    .filter((at): at is string => Boolean(at))
    .sort()
    .at(-1);
}

/** "3 searches · 1 asleep · asked at 12:40". */
export function searchesWords(sources: Pick<Source, "state" | "last_polled_at">[], zone: string): string {
  const words = [plural("listening_places", sources.length)];
  const asleep = sources.filter(({ state }) => state === "asleep" || state === "gone").length;
  if (asleep > 0) words.push(plural("listening_asleep", asleep));
  const last = newest(sources.map(({ last_polled_at }) => last_polled_at));
  if (last) words.push(t("listening_last", { at: timeWords(last, zone, new Date()) }));
  return words.join(" · ");
}
