/**
 * What must outlive a page load, on sites where Send loads another page: kept here until the browser closes, for the tab
 * and the origin it was said in. A page's own storage would let the page read it, and forge it.
 */
import type { Ask, Remembered } from "../shared/messages";
import { loadPassing, savePassing } from "./store";

type Sender = chrome.runtime.MessageSender;
export type Name = keyof Remembered;

/** What each holds, and for how long. */
const SHAPES: { [N in Name]: { ms: number; fields: readonly (keyof NonNullable<Remembered[N]>)[] } } = {
  /** Between choosing a reply and the page that has the box for it. */
  pending: { ms: 60_000, fields: ["id", "text", "blanks", "url", "suggestions_id", "reply_id", "brand_id"] },
  /** Between Send and the page that shows the new post. */
  sent: { ms: 2 * 60_000, fields: ["url", "text", "suggestions_id", "reply_id", "brand_id"] },
};
const LONGEST = 20_000; // characters of one value
/** Tabs that are kept. */
const MOST = 50;

export interface KeptInTab {
  origin: string;
  at: number;
  value: Record<string, string>;
}

let turn: Promise<unknown> = Promise.resolve();

/** One after the other: a page that goes says so at the moment in which the next one asks. */
function inTurn<T>(run: () => Promise<T>): Promise<T> {
  const done = turn.then(run, run);
  turn = done.catch(() => undefined);
  return done;
}

/** Where a message comes from; "" = from no page in a tab. */
function placeOf({ tab, url, frameId }: Sender): { key: string; origin: string } | null {
  if (tab?.id === undefined || !url || !URL.canParse(url)) return null;
  const { origin } = new URL(url);
  return origin === "null" ? null : { key: `${tab.id} ${frameId ?? 0}`, origin };
}

/** Keep what the person chose in this tab; null forgets it. */
export function keepInTab({ name, value }: Ask<"page.keep">, sender: Sender): Promise<void> {
  return inTurn(async () => {
    const place = placeOf(sender);
    const shape = Object.hasOwn(SHAPES, name) ? SHAPES[name] : null;
    if (!place || !shape) return;
    const before = await living();
    const { [name]: _, ...others } = before[place.key] ?? {};
    const given = value as Record<string, unknown> | null;
    const whole = given && shape.fields.every((field) => typeof given[field] === "string");
    const clean = Object.fromEntries(shape.fields.map((field) => [field, String(given?.[field]).slice(0, LONGEST)]));
    const now: KeptInTab = { origin: place.origin, at: Date.now(), value: clean };
    const { [place.key]: __, ...rest } = before;
    const next = { ...Object.fromEntries(Object.entries(rest).slice(1 - MOST)), [place.key]: others };
    if (whole) next[place.key] = { ...others, [name]: now };
    await savePassing({ in_tabs: next });
  });
}

/** Whether the page that asks has something waiting. */
export function isAnythingKept(sender: Sender): Promise<boolean> {
  return inTurn(async () => {
    const place = placeOf(sender);
    const kept = place ? Object.values((await living())[place.key] ?? {}) : [];
    return kept.some(({ origin }) => origin === place?.origin);
  });
}

/** What was kept in this tab and origin, told once. */
export function takeFromTab(sender: Sender): Promise<Remembered> {
  return inTurn(async () => {
    const place = placeOf(sender);
    const all = await living();
    const kept = place ? all[place.key] : undefined;
    if (!place || !kept) return { pending: null, sent: null };
    const { [place.key]: _, ...rest } = all;
    await savePassing({ in_tabs: rest });
    const value = (name: Name) => (kept[name]?.origin === place.origin ? kept[name].value : null);
    return { pending: value("pending"), sent: value("sent") } as Remembered;
  });
}

/** All that is not over yet. */
async function living(): Promise<Record<string, Partial<Record<Name, KeptInTab>>>> {
  const all = await loadPassing("in_tabs");
  const fresh = (name: Name, { at }: KeptInTab) => Date.now() - at <= SHAPES[name].ms;
  return Object.fromEntries(
    Object.entries(all)
      .map(([key, kept]) => [
        key,
        Object.fromEntries(Object.entries(kept).filter(([name, one]) => fresh(name as Name, one))),
      ])
      .filter(([, kept]) => Object.keys(kept as object).length > 0),
  );
}
