/** What the background keeps between its lives, beside the settings of shared/storage.ts. */
import { api } from "../shared/browser";
import type { CountRules } from "../shared/counting";
import { browserLanguage, setLanguage } from "../shared/i18n";
import type { Queued } from "../shared/messages";
import { getLocal, type Local, setLocal } from "../shared/storage";
import type { Me } from "../shared/types";
import type { Site } from "../sites/types";
import type { KeptInTab, Name } from "./memory";
import type { Round } from "./round";
import type { KnownAccount } from "./whose";

/** A mention as the pages need it. */
export interface KnownMention {
  id: string;
  url: string;
  network: string;
  status: string;
  intent: string | null;
  replied_by: string;
  assignee_id?: string | null;
}

/** What was read from the server for one brand: enough to draw toolbars and the badge without asking. */
export interface Cache {
  brand_id: string;
  mentions: KnownMention[];
  keywords: string[][];
  /** Milliseconds; 0 = never. */
  read_at: number;
  /** How many are new in all. */
  fresh: number;
}

export interface PendingPairing {
  id: string;
  server: string;
  code: string;
  verifier: string;
  expires_at: string;
  status: "pending" | "refused" | "ended";
}

/** Kept on disk. */
interface Kept {
  me: Me | null;
  /** Connected to the server: they are their brand's as much as the handles people typed. */
  accounts: KnownAccount[];
  /** Member id → name. */
  people: Record<string, string>;
  /** Said to be a brand's by somebody who may not change the brand: true in this browser only. */
  accounts_here: KnownAccount[];
  /** Of the brand in use. */
  cache: Cache;
  /** Brands beside it that pages here work for, the latest first: each has a cache of its own (`cacheOf`). */
  also: string[];
  /** Last change read of `/changes`; -1 = none yet. */
  last_change: number;
  /** Newest message that was shown as a notification, as an id; "" = none yet. */
  last_message: string;
  /** A message came that is not shown yet. */
  messages_due: boolean;
  pairing: PendingPairing | null;
  queue: QueueItem[];
  /** Hosts switched on under a grant that covers more than one host. */
  sites_on: string[];
  /** `site@host` of unchecked adapters that the person saw at work. */
  confirmed: string[];
  /** Of the server, checked. */
  adapters: Site[];
  /** When they were asked for, in milliseconds; 0 = never. */
  adapters_at: number;
  /** How each network counts, from the server's manifests. */
  counting: Record<string, CountRules>;
  /** Brand → campaigns named for it in this browser, the latest first; the first counts while `on`. */
  campaigns: Record<string, { on: boolean; names: string[] }>;
}

export interface QueueItem extends Queued {
  key: string;
  /** Where and as whom it was asked: it is done nowhere else and as nobody else. */
  server?: string;
  member_id?: string;
  ask: unknown;
}

/** Kept until the browser closes. */
interface Passing {
  reachable: boolean;
  /** Addresses of posts whose toolbar shall unfold: `in` the page of a tab (by its id), `next` in tabs being opened. */
  answers: { in: Record<string, string>; next: string[] };
  /** tab id → page (host and account) → the brand that the person named for it. */
  settled: Record<string, Record<string, { brand_id: string; at: number }>>;
  /** tab id → the brand that the page in it works for, where that is another than the one in use. */
  brand_in: Record<string, { host: string; brand_id: string }>;
  /** Adapter id → the host it was taught on in this browser, so that undo takes back that one only. */
  taught: Record<string, string>;
  /** Source id → the origin of the page it was picked on, for undo. */
  picked: Record<string, string>;
  /** Brand id → its round, while it lasts. */
  rounds: Record<string, Round>;
  /** Where the person moved the bar of the round. */
  round_place: { x: number; y: number } | null;
  /** Tab id and frame → what its next page has to know (memory.ts). */
  in_tabs: Record<string, Partial<Record<Name, KeptInTab>>>;
  /** What tells the tabs of this browser from those of others. */
  window_salt: string;
  /** What was handed to the composer to be scheduled → the tab it comes from. */
  scheduling: Record<string, number>;
  /** Opened once the access that was asked for (`at`, in milliseconds) is granted. */
  open_after_grant: { url: string; at: number } | null;
}

const KEPT: Kept = {
  me: null,
  accounts: [],
  people: {},
  accounts_here: [],
  also: [],
  cache: { brand_id: "", mentions: [], keywords: [], read_at: 0, fresh: 0 },
  last_change: -1,
  last_message: "",
  messages_due: false,
  pairing: null,
  queue: [],
  sites_on: [],
  confirmed: [],
  adapters: [],
  adapters_at: 0,
  counting: {},
  campaigns: {},
};
const PASSING: Passing = {
  reachable: true,
  answers: { in: {}, next: [] },
  settled: {},
  brand_in: {},
  taught: {},
  picked: {},
  rounds: {},
  round_place: null,
  in_tabs: {},
  window_salt: "",
  scheduling: {},
  open_after_grant: null,
};

export async function load<K extends keyof Kept>(name: K): Promise<Kept[K]> {
  const found = await api.storage.local.get(name);
  return (found[name] as Kept[K] | undefined) ?? KEPT[name];
}

export async function save(values: Partial<Kept>): Promise<void> {
  await api.storage.local.set(values);
}

export async function loadPassing<K extends keyof Passing>(name: K): Promise<Passing[K]> {
  const found = await api.storage.session.get(name);
  return (found[name] as Passing[K] | undefined) ?? PASSING[name];
}

export async function savePassing(values: Partial<Passing>): Promise<void> {
  await api.storage.session.set(values);
}

let turn: Promise<unknown> = Promise.resolve();

/** One after the other: of two that read, change and write back at once the first would be lost. */
function inTurn<T>(run: () => Promise<T>): Promise<T> {
  const done = turn.then(run, run);
  turn = done.catch(() => undefined);
  return done;
}

/** Keep what `change` makes of what is kept; nothing is written where it gives back the same. */
export function changeKept<K extends keyof Kept>(name: K, change: (now: Kept[K]) => Kept[K]): Promise<void> {
  return inTurn(async () => {
    const before = await load(name);
    const next = change(before);
    if (next !== before) await save({ [name]: next });
  });
}

/** The same for what is kept until the browser closes. Gives what is kept now. */
export function changePassing<K extends keyof Passing>(
  name: K,
  change: (now: Passing[K]) => Passing[K],
): Promise<Passing[K]> {
  return inTurn(async () => {
    const before = await loadPassing(name);
    const next = change(before);
    if (next !== before) await savePassing({ [name]: next });
    return next;
  });
}

/** The same for a setting that pages of ours read by themselves. */
export function changeSetting<K extends keyof Local>(name: K, change: (now: Local[K]) => Local[K]): Promise<void> {
  return inTurn(async () => {
    const before = await getLocal(name);
    const next = change(before);
    if (next !== before) await setLocal({ [name]: next });
  });
}

/** The language people chose, or the browser's. Also sets it for `t`. */
export async function useLanguage(): Promise<"en" | "fr"> {
  const chosen = (await getLocal("language")) || browserLanguage();
  setLanguage(chosen);
  return chosen;
}

/** The brand in use: the one chosen, else the first. Null while none is known. */
export async function brandInUse(): Promise<Me["brands"][number] | null> {
  const [me, chosen] = await Promise.all([load("me"), getLocal("brand_id")]);
  return me?.brands.find(({ id }) => id === chosen) ?? me?.brands[0] ?? null;
}

const keyOf = (brand_id: string) => `cache.${brand_id}`;

/** What was read of one brand; null = nothing yet. */
export async function cacheOf(brand_id: string): Promise<Cache | null> {
  const cache = await load("cache");
  if (cache.brand_id === brand_id) return cache;
  const key = keyOf(brand_id);
  return ((await api.storage.local.get(key))[key] as Cache | undefined) ?? null;
}

/** Keep what was read of a brand that is not the one in use. */
export async function saveOther(cache: Cache): Promise<void> {
  await api.storage.local.set({ [keyOf(cache.brand_id)]: cache });
}

export async function forgetOthers(brand_ids: string[]): Promise<void> {
  await api.storage.local.remove(brand_ids.map(keyOf));
}
