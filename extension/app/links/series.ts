/** Clicks over time, made ready to be drawn: every bucket of the range, also those with nothing in them. Pure. */
import type { Stats } from "./types";

export type Range = "day" | "week" | "month" | "quarter";

export interface Bucket {
  at: Date;
  people: number;
  previews: number;
  robots: number;
}

export const RANGES: Record<Range, { days: number; by: "hour" | "day" }> = {
  day: { days: 1, by: "hour" },
  week: { days: 7, by: "day" },
  month: { days: 30, by: "day" },
  quarter: { days: 90, by: "day" },
};

const HOUR = 3_600_000;

/** The range up to now: whole hours, or whole days of UTC as the server counts them. */
export function spanOf(range: Range, now = new Date()): { from: Date; to: Date } {
  const { days, by } = RANGES[range];
  const unit = by === "hour" ? HOUR : 24 * HOUR;
  const end = Math.floor(now.getTime() / unit) * unit + unit;
  return { from: new Date(end - days * 24 * HOUR), to: now };
}

export function bucketsOf(stats: Stats, range: Range, now = new Date()): Bucket[] {
  const { by } = RANGES[range];
  const unit = by === "hour" ? HOUR : 24 * HOUR;
  const { from } = spanOf(range, now);
  const buckets: Bucket[] = [];
  for (let at = from.getTime(); at <= now.getTime(); at += unit) {
    buckets.push({ at: new Date(at), people: 0, previews: 0, robots: 0 });
  }
  for (const { at, people, previews, robots } of stats.series) {
    const bucket = buckets[Math.floor((Date.parse(at) - from.getTime()) / unit)];
    if (!bucket) continue;
    bucket.people += people;
    bucket.previews += previews;
    bucket.robots += robots;
  }
  return buckets;
}

/** A round number above the highest bar, for the scale: 1, 2, 5, 10, 20, 50 … */
export function niceTop(highest: number): number {
  if (highest <= 4) return 4;
  const power = 10 ** Math.floor(Math.log10(highest));
  return [1, 2, 4, 5, 10].map((n) => n * power).find((n) => n >= highest)!;
}
