/**
 * Hearing of changes: every 30 s by an alarm, every second while a view is open. `/changes` is the truth; from it follow
 * the badge, what pages know of mentions and keywords, and a word to open views.
 */
import { errorOf, isPassing } from "../shared/api";
import { api } from "../shared/browser";
import { t } from "../shared/i18n";
import { getLocal } from "../shared/storage";
import type { Change, Keyword, Me, Mention, Network, NetworkAccount, Page } from "../shared/types";
import { forgetMessages, messagesCame, showDueMessages, showMessages } from "./alerts";
import { sendLateChanges } from "./late";
import { pushToPages, pushToTabs } from "./push";
import { refreshAdapters } from "./served";
import { ask, callServer, onReachable, onTokenEnded } from "./server";
import {
  brandInUse,
  type Cache,
  cacheOf,
  changeKept,
  forgetOthers,
  type KnownMention,
  load,
  loadPassing,
  save,
  saveOther,
  savePassing,
  useLanguage,
} from "./store";

const ALARM = "changes";
/** Who else has a mention open is seen within two seconds: their pause, this one, and the way. */
const FAST_MS = 1000;
/** Brands beside the one in use that are kept up to date; a person has so many clients open at once, not more. */
const MOST_OTHERS = 12;
/** Newest mentions that pages know of. */
const MOST_MENTIONS = 500;
const PAGE = 200;
/** Keywords of a brand whose words pages know; docs/user-guide.md says this number. */
const MOST_KEYWORDS = 2000;
const ADAPTERS_EVERY = 6 * 3600_000; // ms
/** Up to so many changed mentions are read one by one, beyond that the list is read again. */
const ONE_BY_ONE = 20;

/** Pages of ours say every 5 s that they are on screen; after this long without a word there is none. */
const VIEW_ENDS_MS = 12_000;

let viewedUntil = 0;

export function watchChanges(): void {
  api.alarms.onAlarm.addListener(({ name }) => {
    if (name !== ALARM) return;
    void checkChanges();
    void sendLateChanges();
  });
  // Alarms may be lost when the browser restarts: look each time the worker starts.
  void api.alarms.get(ALARM).then(async (alarm) => {
    if (!alarm) await api.alarms.create(ALARM, { periodInMinutes: 0.5 });
  });
  onReachable((reachable) => {
    void showBadge();
    void pushToTabs({ push: "page.state.changed" });
    pushToPages({ push: "changed", kinds: [reachable ? "reachable" : "unreachable"] });
  });
  // Whoever asked first learned of it: the loop of changes, or a page's own call.
  onTokenEnded(() => void tokenEnded());
  void showBadge();
}

let watching = false;

/** A page of ours is on screen: ask at once, and every second from now on. */
export function pageIsOpen(): void {
  viewedUntil = Date.now() + VIEW_ENDS_MS;
  void checkWhileViewed();
}

async function checkWhileViewed(): Promise<void> {
  if (watching) return;
  watching = true;
  try {
    while (Date.now() < viewedUntil) {
      await checkChanges();
      await new Promise((resolve) => setTimeout(resolve, FAST_MS));
    }
  } finally {
    watching = false;
  }
}

let running: Promise<void> | null = null;

/** Ask what changed and act on it. Two callers share one question. What could not be read is read at the next look. */
export function checkChanges(): Promise<void> {
  running ??= readChanges()
    .catch(console.warn)
    .finally(() => {
      running = null;
    });
  return running;
}

/** The same for who cannot wait for the next look: a question that is on its way may have been answered before this. */
export async function checkNow(): Promise<void> {
  await running;
  await checkChanges();
}

async function readChanges(): Promise<void> {
  if (!(await getLocal("token"))) return;
  const after = await load("last_change");
  const answer = await callServer("GET", "/changes", after < 0 ? {} : { query: { after } });
  if (answer.status !== 200) return;
  const { items, last } = answer.body as { items: Change[]; last: number };
  const cache = await load("cache");
  if (after < 0 || last < after || cache.read_at === 0) {
    told = -1; // of a server that counts anew, say
    await readAll();
    await showMessages();
    await save({ last_change: last });
    return;
  }
  await showDueMessages();
  // What an administrator puts into a folder is no change in the database.
  if (Date.now() - (await load("adapters_at")) > ADAPTERS_EVERY) {
    await refreshAdapters();
    await refreshCounting().catch(() => undefined);
  }
  if (items.length === 0) return;
  // Pages read for themselves and need not wait until we have. A worker stopped in between says it twice, not never.
  if (told < last) pushToPages({ push: "changed", kinds: [...new Set(items.map(({ kind }) => kind))], last });
  told = last;
  await takeIn(items);
  await save({ last_change: last });
}

/** The newest change that pages were told of by this worker. */
let told = -1;

/** The newest change that open pages can have heard of. */
export async function newestTold(): Promise<number> {
  return Math.max(told, await load("last_change"));
}

/** Rejects where something could not be read that can be later: it is not taken in then. */
async function takeIn(items: Change[]): Promise<void> {
  const brand = await brandInUse();
  const kinds = new Set(items.map(({ kind }) => kind.split(".")[0]));
  if (items.some(({ kind }) => kind === "message.created")) await messagesCame();
  if (kinds.has("brand") || kinds.has("member") || kinds.has("device")) return readAll();
  if (kinds.has("account")) await refreshAccounts().catch(unlessPassing);
  if (kinds.has("adapter")) await refreshAdapters();
  let seen = kinds.has("account");
  for (const id of [...(brand ? [brand.id] : []), ...(await load("also"))]) {
    const its = items.filter(({ brand_id }) => brand_id === id);
    const changed = new Set(its.filter(({ kind }) => kind.startsWith("mention.")).map(({ ref }) => ref));
    const keywords = its.some(({ kind }) => kind.startsWith("keyword."));
    if (keywords) await refreshKeywords(id).catch(unlessPassing);
    if (changed.size > ONE_BY_ONE) await refreshMentions(id).catch(unlessPassing);
    else if (changed.size > 0) await updateMentions(id, [...changed]);
    seen ||= changed.size > 0 || keywords;
  }
  if (seen) await pushToTabs({ push: "page.state.changed" });
  await showBadge();
}

/** What the server refuses for good would be refused again at each look. */
function unlessPassing(error: unknown): void {
  if (isPassing(error)) throw error;
}

/** The same for a person who asked for something else: what could not be read comes with the next changes. */
export const refreshAll = (): Promise<void> => readAll().catch(() => undefined);

/** Read again who we are and everything pages know. Rejects where something could not be read that can be later. */
async function readAll(): Promise<void> {
  await save({ me: await ask<Me>("GET", "/me") });
  const brand = await brandInUse();
  const ids = [...(brand ? [brand.id] : []), ...(await keepOthers())];
  const read = await Promise.allSettled([
    refreshAccounts(),
    refreshPeople(),
    refreshAdapters(),
    refreshCounting(),
    ...ids.map(refreshBrand),
  ]);
  await showBadge();
  await pushToTabs({ push: "page.state.changed" });
  for (const one of read) if (one.status === "rejected") unlessPassing(one.reason);
}

/** The other brands that pages work for and that this device may still see. */
async function keepOthers(first?: string): Promise<string[]> {
  const [me, brand] = await Promise.all([load("me"), brandInUse()]);
  let also: string[] = [];
  let gone: string[] = [];
  await changeKept("also", (before) => {
    const wanted = [...new Set([...(first ? [first] : []), ...before])];
    const mine = wanted.filter((id) => id !== brand?.id && me?.brands.some((one) => one.id === id));
    also = mine.slice(0, MOST_OTHERS);
    gone = wanted.filter((id) => !also.includes(id));
    return also;
  });
  await forgetOthers(gone);
  return also;
}

const reading = new Map<string, Promise<void>>();

/**
 * A page works for a brand that nothing was read of yet: read it once, from then on changes keep it up to date. This
 * asks for the brand's own inbox and keywords; it tells nothing of the page.
 */
export function readOther(brand_id: string): Promise<void> {
  const now =
    reading.get(brand_id) ??
    (async () => {
      const also = await keepOthers(brand_id);
      if (!also.includes(brand_id)) return;
      await refreshBrand(brand_id);
      await pushToTabs({ push: "page.state.changed" });
    })()
      .catch(() => undefined)
      .finally(() => reading.delete(brand_id));
  reading.set(brand_id, now);
  return now;
}

async function refreshBrand(brand_id: string): Promise<void> {
  await Promise.all([refreshMentions(brand_id), refreshKeywords(brand_id)]);
}

async function refreshAccounts(): Promise<void> {
  const { items } = await ask<Page<NetworkAccount>>("GET", "/accounts");
  const known = items.map(({ brand_id, network, handle, server, counting }) => ({
    ...{ brand_id, network, handle, server },
    ...(counting && { counting }),
  }));
  await save({ accounts: known });
}

/** How each network counts: the server's rules, never ours. */
async function refreshCounting(): Promise<void> {
  const { items } = await ask<Page<Network>>("GET", "/networks");
  await save({ counting: Object.fromEntries(items.map(({ network, counting }) => [network, counting])) });
}

/** Nothing of another server or brand may stay on a badge or a page. */
export async function forgetWhatWasRead(): Promise<void> {
  const cache: Cache = { brand_id: "", mentions: [], keywords: [], read_at: 0, fresh: 0 };
  told = -1;
  await forgetOthers(await load("also"));
  await save({ cache, also: [], last_change: -1, adapters: [] });
  await forgetMessages();
  await savePassing({ reachable: true });
  await showBadge();
  await pushToTabs({ push: "page.state.changed" });
}

async function tokenEnded(): Promise<void> {
  await forgetWhatWasRead();
  pushToPages({ push: "changed", kinds: ["unpaired"] });
}

async function refreshPeople(): Promise<void> {
  const { items } = await ask<Page<{ id: string; name: string }>>("GET", "/members");
  await save({ people: Object.fromEntries(items.map(({ id, name }) => [id, name])) });
}

async function refreshMentions(brand_id: string): Promise<void> {
  const mentions: KnownMention[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<Mention> = await ask("GET", "/mentions", { query: { brand_id, limit: PAGE, cursor } });
    mentions.push(...page.items.map(known));
    cursor = page.next_cursor;
  } while (cursor && mentions.length < MOST_MENTIONS);
  await changeCache(brand_id, { mentions: mentions.slice(0, MOST_MENTIONS), read_at: Date.now() });
  recount(brand_id);
}

/** Of a mention that cannot be read now what was known stays. Rejects where it can be read later. */
async function updateMentions(brand_id: string, ids: string[]): Promise<void> {
  const answers = await Promise.all(ids.map((id) => callServer("GET", `/mentions/${encodeURIComponent(id)}`)));
  const read = answers.filter(({ status }) => status === 200).map(({ body }) => known(body as Mention));
  const settled = new Set(ids.filter((_, n) => [200, 404].includes(answers[n]!.status)));
  await changeCache(brand_id, ({ mentions }) => ({
    mentions: [...read, ...mentions.filter(({ id }) => !settled.has(id))].slice(0, MOST_MENTIONS),
  }));
  recount(brand_id);
  for (const { status, body } of answers) if (![200, 404].includes(status)) unlessPassing(errorOf(status, body));
}

let counting = false;
let to_count: string[] = [];

/** Count for the badge, without anybody waiting: a server that is slow to count keeps no news back. */
function recount(brand_id: string): void {
  to_count = [...new Set([...to_count, brand_id])];
  if (counting) return;
  counting = true;
  void countAll()
    .catch(console.warn)
    .finally(() => {
      counting = false;
    });
}

async function countAll(): Promise<void> {
  for (let id = to_count.shift(); id !== undefined; id = to_count.shift()) {
    const fresh = await countFresh(id);
    await changeCache(id, ({ mentions }) => ({ fresh: fresh ?? countNew(mentions) })).catch(console.warn);
    await showBadge();
  }
}

/** How many are new in all, which may be more than pages know of; null = not told; 0 where nobody shows the number. */
async function countFresh(brand_id: string): Promise<number | null> {
  if (brand_id !== (await brandInUse())?.id) return 0;
  const answer = await callServer("GET", "/mentions/stats", { query: { brand_id, status: "new", about_us: "yes,no" } });
  return answer.status === 200 ? ((answer.body as { total?: number } | null)?.total ?? null) : null;
}

const countNew = (mentions: KnownMention[]) => mentions.filter(({ status }) => status === "new").length;

async function refreshKeywords(brand_id: string): Promise<void> {
  const all: Keyword[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<Keyword> = await ask("GET", "/keywords", { query: { brand_id, limit: PAGE, cursor } });
    all.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor && all.length < MOST_KEYWORDS);
  const active = all.slice(0, MOST_KEYWORDS).filter(({ paused }) => !paused);
  await changeCache(brand_id, { keywords: active.flatMap(({ literals }) => literals ?? []) });
}

type CacheChange = Partial<Cache> | ((cache: Cache) => Partial<Cache>);

let changing: Promise<void> = Promise.resolve();

/** One change after the other: two at once would overwrite each other. */
function changeCache(brand_id: string, change: CacheChange): Promise<void> {
  const nothing: Cache = { brand_id, mentions: [], keywords: [], read_at: 0, fresh: 0 };
  changing = changing
    .catch(() => undefined)
    .then(async () => {
      const before = (await cacheOf(brand_id)) ?? nothing;
      const cache = { ...before, ...(typeof change === "function" ? change(before) : change) };
      if (brand_id === (await brandInUse())?.id) await save({ cache });
      else if ((await load("also")).includes(brand_id)) await saveOther(cache);
    });
  return changing;
}

function known(mention: Mention): KnownMention {
  const { id, url, network, status, intent, assignee_id } = mention;
  const replied_by = (mention as { replied_by?: string }).replied_by ?? "";
  return { id, url, network, status, intent, replied_by, assignee_id };
}

/** The number of new mentions; while the server is away, a grey one. */
export async function showBadge(): Promise<void> {
  const [{ fresh }, reachable, queue, token] = await Promise.all([
    load("cache"),
    loadPassing("reachable"),
    load("queue"),
    getLocal("token"),
    useLanguage(),
  ]);
  const waiting = queue.filter(({ state }) => state !== "done").length;
  const text = fresh > 99 ? "99+" : fresh > 0 ? String(fresh) : !reachable && waiting > 0 ? "…" : "";
  await api.action.setBadgeText({ text: token ? text : "" });
  await api.action.setBadgeBackgroundColor({ color: reachable ? "#0c6b66" : "#646b72" });
  await api.action.setBadgeTextColor?.({ color: "#ffffff" });
  await api.action.setTitle({ title: reachable ? "Entregent" : `Entregent: ${t("notice_server_away")}` });
}
