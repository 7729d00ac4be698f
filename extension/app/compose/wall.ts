/**
 * From the time on somebody's wall to a moment, as `backend/publishing/wall_time.py` does it (the server has the last
 * word): in the gap of spring a post goes out as much later as the clocks jump; of the hour that comes twice, the first.
 */

export interface WallMoment {
  utc: Date;
  odd: "" | "gap" | "fold";
}

/** "2026-12-01T09:00" in "Europe/Paris" → 08:00 UTC. Undefined where it is no time. */
export function resolveWall(at: string, zone: string): WallMoment | undefined {
  const wall = Date.parse(`${at}Z`);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(at) || Number.isNaN(wall)) return undefined;
  try {
    const day = 86_400_000;
    const before = offsetAt(wall - day, zone);
    const after = offsetAt(wall + day, zone);
    const first = wall - before;
    const second = wall - after;
    const holds = (utc: number, offset: number) => offsetAt(utc, zone) === offset;
    if (before === after) return { utc: new Date(first), odd: "" };
    if (holds(first, before)) return { utc: new Date(first), odd: holds(second, after) ? "fold" : "" };
    if (holds(second, after)) return { utc: new Date(second), odd: "" };
    return { utc: new Date(first), odd: "gap" };
  } catch {
    return undefined; // no such zone
  }
}

/** The wall time of a moment in a zone: "2026-12-01T09:00". */
export function wallOf(moment: Date, zone: string): string {
  return new Date(moment.getTime() + offsetAt(moment.getTime(), zone)).toISOString().slice(0, 16);
}

/** Milliseconds that the zone's clocks are ahead of UTC at a moment. */
function offsetAt(utc: number, zone: string): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(utc);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
  const wall = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  return wall - Math.floor(utc / 1000) * 1000;
}

/** The next full hour that is at least 30 minutes away, as a wall time in the zone. */
export function nextHour(zone: string, now = new Date()): string {
  const hour = 3_600_000;
  return wallOf(new Date(Math.ceil((now.getTime() + hour / 2) / hour) * hour), zone);
}

/** The brand's zone, the reader's, UTC, then all. */
export function zonesFor(brand_zone: string): string[] {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return [...new Set([brand_zone, here, "UTC", ...Intl.supportedValuesOf("timeZone")])].filter(Boolean);
}
