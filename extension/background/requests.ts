/**
 * One handler for each message of shared/messages.ts. What comes from a content script is checked as if a stranger had
 * sent it: it may not use the API, and its fields are of the kind and length that its message has.
 */
import { ApiError } from "../shared/api";
import { api } from "../shared/browser";
import type {
  AnswerOf,
  Ask,
  ExtensionState,
  Failure,
  OfBrand,
  OfPage,
  PagePost,
  PageStatus,
  RequestName,
} from "../shared/messages";
import { getLocal, setLocal } from "../shared/storage";
import { boxAbout, previewLink, shortenLinks, useCampaign } from "./box";
import { checkNow, forgetWhatWasRead, newestTold, pageIsOpen, refreshAll } from "./changes";
import { checkClient, noteBrandIn, rememberAccount, settleClient } from "./client";
import { isOurApp, openForApp } from "./handover";
import { isAnythingKept, keepInTab, takeFromTab } from "./memory";
import { listNetworks } from "./networks";
import { openMention, takeAnswerIn } from "./opening";
import { pageKit } from "./page_kit";
import { pageState } from "./page_state";
import { cancelPairing, forgetPairing, shown, startPairing } from "./pairing";
import { previewPick, savePick, startPicking, undoPick, watchPicked } from "./picking";
import { tellPresence } from "./presence";
import { askPage, pushToPages, pushToTab, pushToTabs } from "./push";
import { countOthers, dropQueued, failureOf, flushQueue, runOrQueue, shownQueue } from "./queue";
import {
  acceptHere,
  collect,
  endRound,
  goTo,
  markSeen,
  nextStop,
  placeBar,
  type Round,
  roundIn,
  roundOf,
  roundState,
  showBar,
  startRound,
  undoCollect,
  viewOf,
} from "./round";
import { dropTaught, keepTaught, sitesNow } from "./served";
import { callServer, LONG_TIMEOUT_MS, readFile } from "./server";
import { openApp, openComposer, tellScheduled } from "./share";
import {
  addressOf,
  confirmSite,
  hideSite,
  isOnIn,
  runPart,
  showSite,
  siteState,
  switchOff,
  switchOn,
  usePictures,
} from "./sites";
import { brandInUse, load, loadPassing, useLanguage } from "./store";
import { suggest } from "./suggest";
import type { TaskName, Tasks } from "./tasks";

type Sender = chrome.runtime.MessageSender;
type Handler<K extends RequestName> = (ask: Ask<K>, sender: Sender) => Promise<AnswerOf<K>>;

/** What may be asked from inside a page. */
const FROM_CONTENT = new Set<RequestName>([
  "page.kit",
  "page.bring",
  "page.keep",
  "page.recall",
  "page.state",
  "client.check",
  "client.settle",
  "client.remember",
  "suggest",
  "suggestion.feedback",
  "reply.save",
  "mention.save",
  "mention.status",
  "mention.at",
  "shorten",
  "share",
  "links.shorten",
  "links.preview",
  "box.about",
  "campaign.use",
  "pictures.use",
  "site.hide",
  "site.confirm",
  "site.teach",
  "site.unteach",
  "round.view",
  "round.collect",
  "round.undo",
  "round.seen",
  "round.next",
  "round.back",
  "round.accept",
  "round.end",
  "round.place",
  "open.app",
  "pick.preview",
  "pick.save",
  "pick.watch",
  "pick.undo",
  "handover.here",
  "handover.open",
]);
const METHODS = new Set(["GET", "POST", "PATCH", "PUT", "DELETE"]);
const STATUSES = new Set(["open", "replied", "done"]);
const OUTCOMES = new Set(["inserted", "edited", "sent", "rejected"]);

const nothing = {} as Record<string, never>;

const HANDLERS: { [K in RequestName]: Handler<K> } = {
  "page.kit": async (ask, sender) => {
    const kit = pageKit(ofPage(sender, text(ask.host, 300)), await useLanguage(), await sitesNow());
    const off = Boolean(sender.frameId) && !isPage(sender) && !(await isOnIn(sender));
    return { ...kit, kept: await isAnythingKept(sender), ...(off && { off }) };
  },
  "page.keep": async (ask, sender) => {
    await keepInTab(ask, sender);
    return nothing;
  },
  "page.recall": (_ask, sender) => takeFromTab(sender),
  "page.bring": async (ask, sender) => runPart(sender, ask.part),
  "page.state": async (ask, sender) => {
    const here = page(ask, sender);
    const state = await pageState(here, sender.tab?.id);
    if (sender.frameId === 0 && !isPage(sender)) await noteBrandIn(sender.tab?.id, here.host, state.brand);
    // Switched off while this page was open: its script is still there and must step back.
    const site = await siteState(addressOf(sender));
    if (site.possible && !site.on) state.hidden = true;
    const tabId = sender.tab?.id;
    // Both are for the page itself: told to a frame in it, they would be lost.
    if (tabId === undefined || sender.frameId !== 0) return state;
    const url = await takeAnswerIn(tabId, sender.url ?? "");
    // After this answer, so that the toolbar has something to unfold.
    if (url !== undefined) setTimeout(() => void pushToTab(tabId, { push: "toolbar.answer", url }), 300);
    setTimeout(() => void showBar(tabId, sender.url ?? ""), 0);
    return state;
  },
  "client.check": (ask, sender) => checkClient(page(ask, sender), text(ask.brand_id, 100), sender.tab?.id),
  "client.settle": async (ask, sender) => {
    await settleClient(page(ask, sender), text(ask.brand_id, 100), sender.tab?.id);
    return nothing;
  },
  "client.remember": (ask, sender) => rememberAccount(page(ask, sender), text(ask.brand_id, 100), ask.undo === true),
  suggest: (ask) => suggest({ post: post(ask.post), query: text(ask.query ?? "", 200), ...brandOf(ask) }),
  "suggestion.feedback": (ask) =>
    task("suggestion.feedback", {
      id: text(ask.id, 100),
      reply_id: text(ask.reply_id, 100),
      outcome: OUTCOMES.has(ask.outcome) ? ask.outcome : "rejected",
      ...(ask.final_text !== undefined && { final_text: text(ask.final_text, 20_000) }),
    }),
  "reply.save": (ask) =>
    task("reply.save", {
      text: text(ask.text, 20_000),
      title: text(ask.title, 200),
      post: ask.post && post(ask.post),
      ...brandOf(ask),
    }),
  "mention.save": (ask) =>
    task("mention.save", {
      post: post(ask.post),
      ...(ask.note && { note: text(ask.note, 10_000) }),
      ...(ask.tags?.length && { tags: ask.tags.slice(0, 30).map((tag) => text(tag, 100)) }),
      ...brandOf(ask),
    }),
  "mention.status": (ask) =>
    task("mention.status", {
      url: text(ask.url, 8000),
      status: STATUSES.has(ask.status) ? ask.status : "open",
      ...(ask.reply_url && /^https?:/.test(ask.reply_url) && { reply_url: text(ask.reply_url, 8000) }),
      ...brandOf(ask),
    }),
  "mention.at": (ask, sender) =>
    tellPresence({ id: text(ask.id, 100), doing: ask.doing === "left" ? "left" : "answering" }, sender.tab?.id),
  shorten: (ask) =>
    task("shorten", {
      url: text(ask.url, 8001),
      ...(ask.title && { title: text(ask.title, 300) }),
      ...brandOf(ask),
    }),
  "links.shorten": (ask) =>
    shortenLinks({ urls: texts(ask.urls, 50, 8001), network: text(ask.network, 40), ...brandOf(ask) }),
  "links.preview": (ask) => previewLink({ url: text(ask.url, 8000), ...brandOf(ask) }),
  "box.about": (ask, sender) =>
    boxAbout({
      host: ofPage(sender, text(ask.host, 300)),
      limit: ask.limit === null ? null : text(ask.limit, 40),
      ...brandOf(ask),
    }),
  "campaign.use": async (ask) => {
    await useCampaign({ name: text(ask.name, 100).trim(), ...brandOf(ask) });
    return nothing;
  },
  share: async (ask, sender) => {
    const images = texts(ask.images ?? [], 4, 8000).filter((url) => /^https?:/.test(url));
    const shared = { url: text(ask.url, 8000), text: text(ask.text, 10_000), images, ...brandOf(ask) };
    const { network = "", account = "" } = ask;
    const of = { network: text(network, 100), account: text(account, 300) };
    const { schedule = false, edit = false } = ask;
    await openComposer({ ...shared, ...of, schedule: schedule === true, edit: edit === true }, sender.tab?.id);
    return nothing;
  },
  "media.file": (ask) => readFile(`/media/${encodeURIComponent(text(ask.id, 40))}/file`),
  "pictures.use": async (ask, sender) => {
    await usePictures(ofPage(sender, text(ask.host, 300)), ask.on === true);
    return nothing;
  },
  "site.hide": async (ask, sender) => {
    await hideSite(ofPage(sender, text(ask.host, 300)), ask.scope === "ever" ? "ever" : "site");
    return nothing;
  },
  "site.confirm": async (ask, sender) => {
    await confirmSite(ofPage(sender, text(ask.host, 300)), text(ask.network, 300), ask.on === true);
    return nothing;
  },
  "site.teach": (ask, sender) => keepTaught(ofPage(sender, text(ask.host, 300)), ask.adapter),
  "site.unteach": async (ask, sender) => {
    await dropTaught(ofPage(sender, text(ask.host, 300)), text(ask.id, 100));
    return nothing;
  },
  "round.view": async (ask, sender) => viewOf(await roundFor({}, sender), addressSaid(sender, ask.address)),
  "round.collect": async (ask, sender) => {
    const round = await roundFor(ask, sender);
    if (!Array.isArray(ask.posts)) throw new TypeError("not a list");
    return done(await collect(round, text(ask.act, 40), ask.posts.slice(0, MOST_COLLECTED).map(post)));
  },
  "round.undo": async (ask, sender) => done(await undoCollect(await roundFor(ask, sender), text(ask.act, 40))),
  "round.seen": async (ask, sender) => done(await markSeen(await roundFor(ask, sender), ask.undo === true)),
  "round.next": async (ask, sender) => nextStop(await roundFor(ask, sender)),
  "round.back": async (ask, sender) => {
    await goTo(await roundFor(ask, sender));
    return nothing;
  },
  "round.accept": async (ask, sender) => {
    const address = addressSaid(sender, ask.address);
    await acceptHere(await roundFor({}, sender), address);
    return viewOf(await roundFor({}, sender), address);
  },
  "round.end": async (ask, sender) => {
    await endRound(await roundFor(ask, sender));
    return nothing;
  },
  "round.place": async (ask, sender) => {
    await roundFor({}, sender);
    await placeBar({ x: part(ask.x), y: part(ask.y) });
    return nothing;
  },
  "open.app": async (ask) => {
    const params = Object.entries(ask.params ?? {}).map(([name, value]) => [text(name, 40), text(value, 8000)]);
    await openApp(text(ask.page, 40), Object.fromEntries(params));
    return nothing;
  },

  "compose.scheduled": async (ask) => {
    await tellScheduled(text(ask.from, 100), text(ask.moment, 200));
    return nothing;
  },
  "mention.open": async (ask) => {
    await openMention(ask.url, ask.answer);
    return nothing;
  },
  "round.start": async (ask) => {
    await startRound(ask.page_id ?? "");
    return nothing;
  },
  "round.state": () => roundState(),
  "round.add": (ask) => task("round.add", { url: ask.url, title: ask.title }),
  "handover.here": async (_ask, sender) => ({ here: await isOurApp(sender.url) }),
  "handover.open": async (ask, sender) => {
    const url = text(ask.url, 8000);
    if (await isOurApp(sender.url)) await openForApp(url);
    return nothing;
  },
  "view.here": async () => {
    pageIsOpen();
    return { last: await newestTold() };
  },
  state: () => extensionState(),
  "pair.start": (ask) => startPairing(ask.server),
  "pair.cancel": async () => {
    await cancelPairing();
    return nothing;
  },
  "pair.forget": async () => {
    await forgetPairing();
    return nothing;
  },
  "brand.use": async (ask) => {
    await setLocal({ brand_id: ask.id });
    await forgetWhatWasRead();
    await refreshAll();
    pushToPages({ push: "changed", kinds: ["brand.used"] });
    return nothing;
  },
  "language.use": async (ask) => {
    await setLocal({ language: ask.language });
    await useLanguage();
    await pushToTabs({ push: "page.state.changed" });
    pushToPages({ push: "changed", kinds: ["language"] });
    return nothing;
  },
  "keys.use": async (ask) => {
    await setLocal({ panel_keys: { choose: text(ask.choose, 9), search: text(ask.search, 1) } });
    await pushToTabs({ push: "page.state.changed" });
    return nothing;
  },
  "site.state": (ask) => siteState(ask.url),
  "site.on": (ask) => switchOn(ask.url),
  "site.off": (ask) => switchOff(ask.url),
  "site.show": (ask) => showSite(ask.url),
  networks: (ask) => listNetworks(ask.languages),
  "page.status": (ask) => askPage<PageStatus>(ask.tab, "status"),
  "page.report": async (ask) => (await askPage<{ text: string }>(ask.tab, "report")) ?? { text: "" },
  "page.show": async (ask) => {
    await pushToTab(ask.tab, { push: "page.show", what: ask.what });
    return nothing;
  },
  "watch.term": (ask) => task("watch.term", { term: text(ask.term, 200) }),
  "watch.site": (ask) => task("watch.site", { url: ask.url, title: ask.title ?? "" }),
  "watch.page": (ask) => task("watch.page", { url: text(ask.url, 8000), title: text(ask.title ?? "", 300) }),
  "watch.tag": (ask) => task("watch.tag", { tag: text(ask.tag, 100), url: text(ask.url, 8000) }),
  "pick.start": async (ask) => {
    await startPicking(ask.tab);
    return nothing;
  },
  "pick.preview": (ask, sender) => previewPick(ask.clicks, sender),
  "pick.save": (ask, sender) => savePick(ask.recipe, text(ask.title, 200), sender),
  "pick.watch": (ask, sender) => watchPicked(text(ask.title, 200), sender),
  "pick.undo": async (ask, sender) => {
    await undoPick(text(ask.id, 100), sender);
    return nothing;
  },
  "queue.flush": async () => {
    await flushQueue();
    await checkNow();
    return nothing;
  },
  "queue.drop": async (ask) => {
    await dropQueued(ask.id);
    return nothing;
  },
  api: async ({ method, path, body, idempotency_key }) => {
    if (!METHODS.has(method) || !/^\/[\w]/.test(path) || /(^|[/\\])\.\.?([/\\?]|$)|%2e|\\/i.test(path.split("?")[0]!)) {
      throw new TypeError("not a call of the API");
    }
    const key = idempotency_key && { key: idempotency_key };
    return callServer(method, path, { body, timeout_ms: LONG_TIMEOUT_MS, ...key });
  },
};

export function answerRequests(): void {
  api.runtime.onMessage.addListener((message: unknown, sender, answer) => {
    const { request, ask } = (message ?? {}) as { request?: RequestName; ask?: unknown };
    if (!request || !Object.hasOwn(HANDLERS, request) || sender.id !== api.runtime.id) return undefined;
    if (!isPage(sender) && !FROM_CONTENT.has(request)) {
      answer({ ok: false, error: { code: "forbidden", message: "Not from a page.", queued: false } });
      return undefined;
    }
    const handle = HANDLERS[request] as Handler<RequestName>;
    // The handler's own checks throw before its first await: they too become an answer.
    Promise.resolve()
      .then(() => handle((ask ?? {}) as never, sender))
      .then(
        (value) => answer({ ok: true, value }),
        (error: unknown) => answer({ ok: false, error: error instanceof Refused ? error.failure : failureOf(error) }),
      );
    return true;
  });
}

/** A page of ours: popup, panel, app. Content scripts carry the address of the page they run in. */
function isPage(sender: Sender): boolean {
  return Boolean(sender.url?.startsWith(api.runtime.getURL("")));
}

/** A content script speaks for its own host only, whatever it says. */
function ofPage(sender: Sender, said: string): string {
  const address = addressOf(sender);
  return !isPage(sender) && URL.canParse(address) ? new URL(address).hostname : said;
}

function page({ host, network, account }: OfPage, sender: Sender): OfPage {
  return { host: ofPage(sender, text(host, 300)), network: text(network, 100), account: text(account, 300) };
}

/** More than this one click does not take. */
const MOST_COLLECTED = 400;

/** A content script speaks for the round of its own tab; a page of ours for a brand's. */
async function roundFor({ brand_id }: OfBrand, sender: Sender): Promise<Round> {
  const round = isPage(sender)
    ? await roundOf(brand_id ? text(brand_id, 100) : "")
    : sender.frameId === 0
      ? await roundIn(sender.tab?.id)
      : null;
  if (!round) throw new ApiError(404, "no_round", "No round runs here.");
  return round;
}

/** A page that became another one without loading says its new address; of another server it can say nothing. */
function addressSaid({ url = "" }: Sender, said: unknown): string {
  const address = text(said, 8000);
  const ofPage = URL.canParse(address) && URL.canParse(url) && new URL(address).origin === new URL(url).origin;
  return ofPage ? address : url;
}

/** A part of the window. */
function part(value: unknown): number {
  if (typeof value !== "number" || !Number.isFinite(value)) throw new TypeError("not a number");
  return Math.min(1, Math.max(0, value));
}

function brandOf({ brand_id }: OfBrand): OfBrand {
  return brand_id ? { brand_id: text(brand_id, 100) } : {};
}

class Refused extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message);
  }
}

async function task<K extends TaskName>(name: K, asked: Tasks[K]["ask"]): Promise<Tasks[K]["done"]> {
  return done(await runOrQueue(name, asked));
}

function done<T>(result: { ok: true; value: T } | { ok: false; error: Failure }): T {
  if (!result.ok) throw new Refused(result.error);
  return result.value;
}

async function extensionState(): Promise<ExtensionState> {
  const [token, server, reachable, pairing, me, brand, language, queue, queue_of_others, networks_seen] =
    await Promise.all([
      getLocal("token"),
      getLocal("server"),
      loadPassing("reachable"),
      load("pairing"),
      load("me"),
      brandInUse(),
      getLocal("language"),
      shownQueue(),
      countOthers(),
      getLocal("networks_seen"),
    ]);
  return {
    paired: Boolean(token),
    server,
    reachable,
    pairing: shown(pairing),
    brands: (me?.brands ?? []).map(({ id, name, role }) => ({ id, name, role })),
    brand_id: brand?.id ?? "",
    language,
    queue,
    queue_of_others,
    networks_seen,
  };
}

function text(value: unknown, longest: number): string {
  if (typeof value !== "string") throw new TypeError("not a text");
  return value.slice(0, longest);
}

function texts(value: unknown, most: number, longest: number): string[] {
  if (!Array.isArray(value)) throw new TypeError("not a list");
  return value.slice(0, most).map((one) => text(one, longest));
}

function post(value: unknown): PagePost {
  const { url, network, author, author_url, text: words, published_at } = (value ?? {}) as PagePost;
  return {
    url: text(url, 8000),
    network: text(network, 100),
    author: text(author, 300),
    author_url: text(author_url, 8000),
    text: text(words, 20_000),
    published_at: published_at === null || published_at === undefined ? null : text(published_at, 60),
  };
}
