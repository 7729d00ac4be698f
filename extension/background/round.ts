/**
 * The round: the pages of a brand, opened one by one in one tab of the person's own session. Nothing is read here, and
 * nothing of a page is sent but what the person collected by a click. All of it stands in storage.session, so that a
 * worker that was stopped goes on where it was; a round whose tab was closed is paused and can be taken up again.
 */
import { ApiError } from "../shared/api";
import { api } from "../shared/browser";
import type { PagePost } from "../shared/messages";
import { type Collected, isPageOf, type RoundPage, type RoundState, type RoundView } from "../shared/round";
import { pushToPages, pushToTab } from "./push";
import { dropQueued, flushQueue, runOrQueue } from "./queue";
import { ask, callServer } from "./server";
import { patternOf, siteState } from "./sites";
import { brandInUse, load, loadPassing, savePassing } from "./store";
import type { TaskName, Tasks } from "./tasks";

/** One page on the way. */
interface Stop {
  id: string;
  url: string;
  name: string;
  last_visited_at: string | null;
  /** Names this look at the page, however often something is sent of it. */
  visit: string;
  /** Clicks whose posts were collected and not taken back. */
  acts: string[];
  /** The person said that they looked at it. */
  seen: boolean;
  /** An address that the person said is the page too. */
  accepted?: string;
}

export interface Round {
  brand_id: string;
  brand: string;
  /** null: closed. */
  tab: number | null;
  at: number;
  stops: Stop[];
}

type Place = RoundView["place"];

export function watchRound(): void {
  api.tabs.onRemoved.addListener((tab) => void tabClosed(tab));
}

let changing: Promise<unknown> = Promise.resolve();

/** One change after the other: two at once would overwrite each other. Gives what `change` gives. */
function change<T>(run: (rounds: Record<string, Round>) => Promise<T> | T): Promise<T> {
  const next = changing
    .catch(() => undefined)
    .then(async () => {
      const rounds = { ...(await loadPassing("rounds")) };
      const given = await run(rounds);
      await savePassing({ rounds });
      return given;
    });
  changing = next;
  return next;
}

function tell(): void {
  pushToPages({ push: "changed", kinds: ["round"] });
}

async function tabClosed(tab: number): Promise<void> {
  const rounds = Object.values(await loadPassing("rounds"));
  if (!rounds.some((round) => round.tab === tab)) return;
  await change((all) => {
    for (const round of Object.values(all)) if (round.tab === tab) all[round.brand_id] = { ...round, tab: null };
  });
  tell();
}

// --- beginning and ending ---

/** Begin, or take up again; with `page_id` that page only. Rejects with ApiError. */
export async function startRound(page_id: string): Promise<void> {
  const brand = await brandInUse();
  if (!brand) throw new ApiError(422, "brand_needed", "There is no brand yet.");
  const before = (await loadPassing("rounds"))[brand.id];
  if (before && !page_id) return takeUp(before);
  const known = before?.stops.findIndex(({ id }) => id === page_id) ?? -1;
  if (before && known >= 0) return takeUp({ ...before, at: known }, true);
  const { items } = await ask<{ items: RoundPage[] }>("GET", "/round", { query: { brand_id: brand.id } });
  const left = items.filter((page) => page.left);
  const wanted = page_id ? items.filter(({ id }) => id === page_id) : left.length > 0 ? left : items;
  const stops: Stop[] = wanted.map(({ id, url, name, last_visited_at }) => ({
    id,
    url,
    name,
    last_visited_at,
    visit: crypto.randomUUID(),
    acts: [],
    seen: false,
  }));
  if (stops.length === 0) throw new ApiError(404, "not_found", "There is no page in this round.");
  // The tab that a round of this brand had is used again.
  const tab = before?.tab ?? null;
  await takeUp({ brand_id: brand.id, brand: brand.name, tab, at: 0, stops }, Boolean(before));
}

/** Its tab in front, opened anew where it was closed; `move`: at its page, wherever it was. */
async function takeUp(round: Round, move = false): Promise<void> {
  const { url } = round.stops[round.at]!;
  const there = round.tab === null ? null : await api.tabs.get(round.tab).catch(() => null);
  const tab = there ?? (await api.tabs.create({ url }));
  await change((all) => {
    all[round.brand_id] = { ...round, tab: tab.id ?? null };
  });
  if (there?.id !== undefined) {
    await api.tabs.update(there.id, { active: true, ...(move && { url }) });
    await api.windows?.update(there.windowId, { focused: true }).catch(() => undefined);
  }
  // A page that loaded at once asked before its tab was known.
  if (tab.id !== undefined && !(there && move)) await showBar(tab.id, there?.url || url);
  tell();
}

export async function endRound(round: Round): Promise<void> {
  await change((all) => {
    delete all[round.brand_id];
  });
  if (round.tab !== null) await pushToTab(round.tab, { push: "round", view: null });
  tell();
}

/** To the next page; after the last one the round ends. Gives whether it did. */
export async function nextStop(round: Round): Promise<{ ended: boolean; visited: number; of: number }> {
  const at = round.at + 1;
  const told = { visited: round.stops.filter(isVisited).length, of: round.stops.length };
  if (at >= round.stops.length) {
    await change((all) => {
      delete all[round.brand_id];
    });
    tell();
    return { ended: true, ...told };
  }
  await goTo({ ...round, at });
  return { ended: false, ...told };
}

/** Back to the page of the round. */
export async function goTo(round: Round): Promise<void> {
  const { url } = round.stops[round.at]!;
  await change((all) => {
    all[round.brand_id] = round;
  });
  if (round.tab === null) await takeUp(round);
  else await api.tabs.update(round.tab, { url, active: true });
  tell();
}

/** The person says that what the tab shows is the page. */
export async function acceptHere(round: Round, address: string): Promise<void> {
  await changeStop(round, () => ({ accepted: address }));
}

const isVisited = ({ acts, seen }: Stop): boolean => seen || acts.length > 0;

async function changeStop(round: Round, values: (stop: Stop) => Partial<Stop>): Promise<void> {
  await change((all) => {
    const now = all[round.brand_id];
    const at = round.stops[round.at]!;
    if (!now) return;
    const stops = now.stops.map((stop) => (stop.visit === at.visit ? { ...stop, ...values(stop) } : stop));
    all[round.brand_id] = { ...now, stops };
  });
}

// --- what it shows ---

/** The round whose tab this is. */
export async function roundIn(tab: number | undefined): Promise<Round | null> {
  if (tab === undefined) return null;
  return Object.values(await loadPassing("rounds")).find((round) => round.tab === tab) ?? null;
}

/** The round of a brand; "" = of the one in use. */
export async function roundOf(brand_id: string): Promise<Round | null> {
  return (await loadPassing("rounds"))[brand_id || ((await brandInUse())?.id ?? "")] ?? null;
}

export async function viewOf(round: Round, address: string): Promise<RoundView> {
  const stop = round.stops[round.at]!;
  const place: Place = await loadPassing("round_place");
  return {
    brand_id: round.brand_id,
    brand: round.brand,
    page_id: stop.id,
    name: stop.name,
    url: stop.url,
    at: round.at + 1,
    of: round.stops.length,
    last_visited_at: stop.last_visited_at,
    visited: isVisited(stop),
    here: isPageOf(stop.url, address) || (stop.accepted !== undefined && isPageOf(stop.accepted, address)),
    address,
    open: round.tab !== null,
    place,
  };
}

/** A page in the tab of a round has its script: our bar belongs there. */
export async function showBar(tab: number, address: string): Promise<void> {
  const round = await roundIn(tab);
  if (round) await pushToTab(tab, { push: "round", view: await viewOf(round, address) });
}

/** How the round of the brand in use stands. The server is asked for its pages; no page is. */
export async function roundState(): Promise<RoundState> {
  const brand = await brandInUse();
  if (!brand) return { pages: null, view: null, off: [] };
  const answer = await callServer("GET", "/round", { query: { brand_id: brand.id } });
  const pages = answer.status === 200 ? (answer.body as { items: RoundPage[] }).items : null;
  const round = await roundOf(brand.id);
  const tab = round && round.tab !== null ? await api.tabs.get(round.tab).catch(() => null) : null;
  // Its address is known only where the toolbar is on; where it is not, it may well be the page.
  const view = round && (await viewOf(round, tab?.url || round.stops[round.at]!.url));
  const coming = view ? round!.stops : (pages ?? []).filter(({ left }) => left);
  const off = new Map<string, { host: string; pattern: string }>();
  for (const { url } of coming) {
    const { on, possible, host } = await siteState(url);
    if (possible && !on) off.set(host, { host, pattern: patternOf(url) });
  }
  return { pages, view, off: [...off.values()] };
}

export async function placeBar(place: Place): Promise<void> {
  await savePassing({ round_place: place });
}

// --- what the person does on a page ---

type Done<K extends TaskName> = Awaited<ReturnType<typeof runOrQueue<K>>>;

/** Posts become mentions, now or when the server is back; once each. */
export async function collect(round: Round, act: string, posts: PagePost[]): Promise<Done<"round.collect">> {
  const { id, name, visit } = round.stops[round.at]!;
  const asked: Tasks["round.collect"]["ask"] = { page: id, title: name, visit, act, posts, brand_id: round.brand_id };
  const done = await runOrQueue("round.collect", asked);
  // Queued is collected too: it cannot be lost any more.
  const took = done.ok ? done.value.created + done.value.known > 0 : done.error.queued;
  if (took) {
    await changeStop(round, ({ acts }) => ({ acts: [...new Set([...acts, act])] }));
    tell();
  }
  return done;
}

/** What one click collected is taken back, also where it still waits; what other clicks did stays. */
export async function undoCollect(round: Round, act: string): Promise<Done<"round.undo">> {
  const { id, name } = round.stops[round.at]!;
  const waiting = (await load("queue")).filter(({ ask: asked }) => (asked as { act?: string }).act === act);
  for (const item of waiting) await dropQueued(item.id);
  // What is on its way this moment arrives first.
  await flushQueue();
  const done = await runOrQueue("round.undo", { page: id, title: name, act, brand_id: round.brand_id });
  if (done.ok || done.error.queued)
    await changeStop(round, ({ acts }) => ({ acts: acts.filter((one) => one !== act) }));
  tell();
  return done;
}

/** The page was looked at, whether or not anything was collected; `undo`: it was not. */
export async function markSeen(round: Round, undo: boolean): Promise<Done<"round.seen">> {
  const { id, name, visit } = round.stops[round.at]!;
  const done = await runOrQueue("round.seen", { page: id, title: name, visit, undo, brand_id: round.brand_id });
  if (done.ok || done.error.queued) {
    await changeStop(round, () => ({ seen: !undo }));
    tell();
  }
  return done;
}

export type { Collected };
