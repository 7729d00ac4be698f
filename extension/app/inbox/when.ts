/** Until when a mention can be put off with one click, in the brand's zone. Pure. */
import { resolveWall, wallOf } from "../compose/wall";

export interface When {
  name: "today" | "tomorrow" | "monday" | "week";
  until: Date;
}

const DAY_MS = 86_400_000;
/** Later than this is not today any more for people who work. */
const EVENING = 21;

export function whenChoices(zone: string, now = new Date()): When[] {
  const wall = wallOf(now, zone);
  // Days are counted on the wall, as if it were UTC, so that no change of the clocks shifts nine o'clock.
  const today = Date.parse(`${wall.slice(0, 10)}T00:00Z`);
  const at = (days: number, hour: number): Date | undefined => {
    const day = new Date(today + days * DAY_MS).toISOString().slice(0, 10);
    return resolveWall(`${day}T${String(hour).padStart(2, "0")}:00`, zone)?.utc;
  };
  const hour = Number(wall.slice(11, 13)) + 3 + (wall.slice(14, 16) === "00" ? 0 : 1);
  // Sunday is 0: the next Monday, never today.
  const to_monday = (8 - new Date(today).getUTCDay()) % 7 || 7;
  const found: [When["name"], Date | undefined][] = [
    ["today", hour <= EVENING ? at(0, hour) : undefined],
    ["tomorrow", at(1, 9)],
    ["monday", to_monday > 1 ? at(to_monday, 9) : undefined],
    ["week", to_monday === 7 ? undefined : at(7, 9)],
  ];
  return found.flatMap(([name, until]) => (until ? [{ name, until }] : []));
}

/** What is written into the field: the wall time of tomorrow at nine. */
export function whenFirst(zone: string, now = new Date()): string {
  const tomorrow = whenChoices(zone, now).find(({ name }) => name === "tomorrow");
  return wallOf(tomorrow?.until ?? new Date(now.getTime() + DAY_MS), zone);
}
