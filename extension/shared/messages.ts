/**
 * What the parts of the extension say to each other. Content scripts and extension pages send one `Request` to the
 * background and get one `Answer`; only the background speaks to the server, so the token never enters a page.
 */

import type { Site, Tier } from "../sites/types";
import type { CountRules } from "./counting";
import type { PickPreview, PickStep, Recipe } from "./picking";
import type { Collected, RoundState, RoundView } from "./round";

/** A post as an adapter read it from a page. Everything in it is untrusted text. */
export interface PagePost {
  url: string;
  network: string; // the site file's id: "mastodon", "bluesky", "hackernews", "practice", or the host name
  author: string;
  author_url: string;
  text: string;
  published_at: string | null; // RFC 3339
}

export interface Suggestion {
  reply_id: string;
  title: string;
  /** Variables filled; a blank stands in it as `[Order number]`, and in `blanks` as "Order number". */
  text: string;
  blanks: string[];
  /** 0 … 1 */
  score: number;
  /** Words it shares with the post, use under posts like it, or the person's own search. */
  because: { code: "words" | "used_before" | "searched"; words: string[] };
}

/** The answer of POST /suggestions. */
export interface Suggestions {
  id: string;
  language: string;
  nothing_fits: boolean;
  items: Suggestion[];
}

/** A mention as a page knows it. */
export interface PageMention {
  id: string;
  status: string;
  intent: string | null;
  /** Names, "" = nobody. */
  replied_by: string;
  assigned_to?: string;
}

/** What the toolbar must know of a page before it draws: asked once per page, pushed again when it changes. */
export interface PageState {
  paired: boolean;
  /** The server answered lately. While false the toolbar says so in words and queues what can wait. */
  reachable: boolean;
  /** Hidden by the person on this site or for ever: draw nothing. */
  hidden: boolean;
  /** The brand that has the account in use; the one chosen in the popup where none has it or the page does not say. */
  brand: { id: string; name: string } | null;
  /** "@cafelumiere": who is logged in on the page, else the brand's names on this network between commas, else "". */
  handle: string;
  /** The account in use is the brand's; several brands' and nobody said which; nobody's here; or the page does not say. */
  whose: "ours" | "shared" | "other" | "unread";
  /** Of `shared`: the brands that have it. */
  among: { id: string; name: string }[];
  language: "en" | "fr";
  /** The person saw our marks fall on the right posts here: an `unchecked` adapter counts from then on. */
  confirmed: boolean;
  /** A small button stands at pictures that the pointer is over: off, until the person switches it on. */
  pictures: boolean;
  /** Addresses of mentions in the inbox on this site (newest 500), so that a match needs no request. */
  mentions: Record<string, PageMention>;
  /** Keywords as alternatives of phrases that must all be there, folded (lower case, no accents): matched locally. */
  keywords: string[][];
  keys: PageKeys;
}

/** The keys of the toolbar. The browser's own commands are "" where the person took theirs away. */
export interface PageKeys {
  reply: string;
  shorten: string;
  /** In the panel: the first of them takes the first reply, and so on. */
  choose: string;
  search: string;
}

/** What a page's script needs besides code: words of one language, looks, and what its site may be. */
export interface PageKit {
  language: "en" | "fr";
  words: Record<string, string>;
  css: string;
  sites: Site[];
  /** This frame is none where we belong: its site, or that of the page around it, was not switched on. */
  off?: boolean;
  /** Something was kept in this tab for this page (`page.recall`). */
  kept: boolean;
}

/** What one page of a tab leaves to the next one of the same origin, where Send or the reply link loads a page. */
export interface Remembered {
  /** A reply that was chosen, for the box on the next page. `blanks` as JSON. */
  pending: Record<"id" | "text" | "blanks" | "url" | "suggestions_id" | "reply_id" | "brand_id", string> | null;
  /** What the person sent in answer to a post. */
  sent: Record<"url" | "text" | "suggestions_id" | "reply_id" | "brand_id", string> | null;
}

/** The parts of our script that a page gets when it needs them. */
export type PagePart = "drawing" | "acting" | "composing" | "teaching" | "round" | "pictures";

export interface Shortened {
  /** The short link, or the clean address with its UTM while the public address is not proved. */
  url: string;
  public: boolean;
  /** i18n key that says why it is not a short link, "" when it is. */
  why: string;
}

/** One address of a text, and what goes in its place. */
export interface ShortenedOf extends Shortened {
  asked: string;
  /** The API's code where it stays as it is; "" = it does not. */
  error: string;
  message: string;
}

/** What a toolbar beside a text box has to know: all of it is kept by the background, nothing is asked for it. */
export interface BoxAbout {
  /** How the network counts, for the account in use where its server says so; null = no limit is known. */
  counting: CountRules | null;
  /** `utm_campaign` of links shortened here; "" = what the brand has, or none. */
  campaign: string;
  /** Campaigns named in this browser for the brand, the latest first. */
  campaigns: string[];
}

/** What the page of a link says of itself, as plain text; its picture as base64. */
export interface LinkCard {
  url: string;
  title: string;
  description: string;
  site_name: string;
  large: boolean;
  image: { content_type: string; width: number; height: number; data: string } | null;
}

/** The server refused or could not be asked; `code` is the API's (`unreachable`, `unauthorized`, `queued` are ours). */
export interface Failure {
  code: string;
  message: string;
  /** True: kept in the queue and done later, once. */
  queued: boolean;
}

/** A pairing that waits for the person's yes in the app. */
export interface Pairing {
  server: string;
  /** As it is shown here and in the app: "483-920". */
  code: string;
  expires_at: string;
  status: "pending" | "refused" | "ended";
  /** Why it could not be asked, as an error code; "" = it was. */
  error: string;
}

/** One thing that was asked while the server was away. */
export interface Queued {
  id: string;
  at: string;
  task:
    | "shorten"
    | "mention.save"
    | "mention.status"
    | "reply.save"
    | "suggestion.feedback"
    | "round.collect"
    | "round.undo"
    | "round.seen"
    | "round.add"
    | "watch.term"
    | "watch.site"
    | "watch.page"
    | "watch.tag";
  /** What it is about, for people: an address, a title, a term. */
  about: string;
  state: "waiting" | "done" | "failed";
  /** An error code where it failed. */
  error: string;
  /** What can be copied once it is done. */
  copy: string;
}

export interface ExtensionState {
  paired: boolean;
  server: string;
  reachable: boolean;
  pairing: Pairing | null;
  brands: { id: string; name: string; role: string }[];
  brand_id: string;
  language: "" | "en" | "fr";
  /** Ours; `queue_of_others`: how many things somebody else asked for here, or of another server. */
  queue: Queued[];
  queue_of_others: number;
  /** The person saw where the toolbar can stand. */
  networks_seen: boolean;
}

export interface SiteState {
  host: string;
  /** Pages of ours, of the browser and of the stores: nothing can run there. */
  possible: boolean;
  on: boolean;
  hidden: "" | "site" | "ever";
  /** A small button stands at its pictures. */
  pictures: boolean;
  /** What to ask `permissions.request` for, in the click itself. */
  pattern: string;
}

/** How the toolbar stands on a page: on its posts, or only at the boxes one writes in, and why. */
export interface PageStatus {
  /** As people know it; "" = we know nothing of its posts. */
  site: string;
  tier: Tier | "";
  /**
   * `posts`: on them. Else why not: nothing is known of this site, its posts cannot be told (`boxes`), nobody saw yet
   * that we read them right (`unchecked`), or the page is no longer as we know it (`stepped_back`).
   */
  on: "posts" | "unknown" | "boxes" | "unchecked" | "stepped_back";
  /** What five of five posts of a kind had not, "comment: author, url"; such posts get no toolbar. */
  missing: string;
}

/** A network that the toolbar can be switched on at. */
export interface Network {
  id: string;
  name: string;
  tier: Tier;
  /** Its posts cannot be told: the toolbar stands at its boxes. */
  boxes_only: boolean;
  /** What to ask `permissions.request` for. */
  patterns: string[];
  on: boolean;
}

/** What the background asks of a page, at the wish of popup or panel, or of a key: `shorten` the links of its box. */
export type Inquiry = "status" | "report" | "shorten";

/** What a page says of itself. */
export interface OfPage {
  host: string;
  network: string;
  account: string;
}

/** Which brand something is for; without, the one chosen in the popup. */
export interface OfBrand {
  brand_id?: string;
}

/** Who answered a mention, and who is answering it this moment. */
export interface Answered {
  /** `at` as RFC 3339, "" = not known. */
  replied: { by: string; at: string; url: string } | null;
  /** `own`: another window of the same person. */
  others: { who: string; own: boolean }[];
}

/** What must be asked before a reply goes into a page. */
export interface Verdict {
  /**
   * `no`: nothing. `other`: no brand has this account. `foreign`: it is another brand's. `unread`: the page does not say
   * who is logged in, and nobody said so yet in this tab.
   */
  ask: "no" | "other" | "foreign" | "unread";
  reply_brand: string;
  /** Of `foreign`: whose account it is. */
  account_brand: string;
}

/** What goes from a page into the composer of the app. */
export interface Shared extends OfBrand {
  url: string;
  text: string;
  /** Addresses of pictures. */
  images?: string[];
  schedule?: boolean;
  /** The first picture is to be cut or turned before it is attached. */
  edit?: boolean;
  /** Where it was written: the account that is chosen there, where it is connected. */
  network?: string;
  account?: string;
}

export interface Requests {
  "page.kit": { ask: { host: string }; answer: PageKit };
  /** Bring a part of our script into the frame that asks (content/bring.ts). */
  "page.bring": { ask: { part: PagePart }; answer: Record<string, never> };
  /** Keep something for the next page of this tab and origin; null forgets it. */
  "page.keep": {
    ask: { [N in keyof Remembered]: { name: N; value: Remembered[N] } }[keyof Remembered];
    answer: Record<string, never>;
  };
  /** What was kept for this page, told once. */
  "page.recall": { ask: Record<string, never>; answer: Remembered };
  /** `account`: who is logged in, as the page says; "" = it does not. */
  "page.state": { ask: OfPage; answer: PageState };
  /** Asked at the moment before a reply of `brand_id` goes into the page. */
  "client.check": { ask: OfPage & { brand_id: string }; answer: Verdict };
  /** The person says which brand this page is for, in this tab. */
  "client.settle": { ask: OfPage & { brand_id: string }; answer: Record<string, never> };
  /** The account is the brand's, from now on; with `undo` it is not any more. */
  "client.remember": {
    ask: OfPage & { brand_id: string; undo?: boolean };
    answer: { kept: "brand" | "browser" };
  };
  suggest: { ask: { post: PagePost; query?: string } & OfBrand; answer: Suggestions };
  "suggestion.feedback": {
    ask: { id: string; reply_id: string; outcome: "inserted" | "edited" | "sent" | "rejected"; final_text?: string };
    answer: Record<string, never>;
  };
  "reply.save": { ask: { text: string; title: string; post: PagePost | null } & OfBrand; answer: { id: string } };
  /** Note and tags are added to those it has. */
  "mention.save": { ask: { post: PagePost; note?: string; tags?: string[] } & OfBrand; answer: { id: string } };
  /** Insertion opens the mention; seeing our text appear in a new post, or the person saying so, makes it replied. */
  "mention.status": {
    ask: { url: string; status: "open" | "replied" | "done"; reply_url?: string } & OfBrand;
    answer: { id: string };
  };
  /** This page has suggestions or a box open for a mention (`left`: not any more); tells who else answers or answered. */
  "mention.at": { ask: { id: string; doing: "answering" | "left" } & OfBrand; answer: Answered };
  shorten: { ask: { url: string; title?: string } & OfBrand; answer: Shortened };
  /** All addresses of a text at once; the UTM is the brand's, with this network and the campaign chosen. */
  "links.shorten": { ask: { urls: string[]; network: string } & OfBrand; answer: ShortenedOf[] };
  "links.preview": { ask: { url: string } & OfBrand; answer: LinkCard };
  /** `limit`: the network that counts in the box; null = none is known. */
  "box.about": { ask: { host: string; limit: string | null } & OfBrand; answer: BoxAbout };
  /** Links shortened for this brand are of this campaign from now on; "" = of none. */
  "campaign.use": { ask: { name: string } & OfBrand; answer: Record<string, never> };
  /** With `schedule` the composer opens where one says when; the page that asks hears when it was scheduled. */
  share: { ask: Shared; answer: Record<string, never> };
  /** The marks fall on the right posts (`on`), or they do not. */
  "site.confirm": { ask: { host: string; network: string; on: boolean }; answer: Record<string, never> };
  /** What the person taught by pointing, for this host: theirs, and the brand's once an owner approves it. */
  "site.teach": { ask: { host: string; adapter: Site } & OfBrand; answer: { id: string } };
  "site.unteach": { ask: { host: string; id: string }; answer: Record<string, never> };
  /** An image that the server keeps, as a data URL. */
  "media.file": { ask: { id: string }; answer: { type: string; data: string } };
  /** The button at pictures, on this site. */
  "pictures.use": { ask: { host: string; on: boolean }; answer: Record<string, never> };
  "site.hide": { ask: { host: string; scope: "site" | "ever" }; answer: Record<string, never> };
  // The round whose tab asks; from a page of ours, that of `brand_id` or of the brand in use. Rejects where there is none.

  /** Where it stands, for a page that became another one without loading. */
  "round.view": { ask: { address: string }; answer: RoundView };
  /** The posts that are to be seen, at the click. `act` names the click, for undo. */
  "round.collect": { ask: { act: string; posts: PagePost[] } & OfBrand; answer: Collected };
  "round.undo": { ask: { act: string } & OfBrand; answer: { removed: number; kept: number } };
  "round.seen": { ask: { undo?: boolean } & OfBrand; answer: Record<string, never> };
  "round.next": { ask: OfBrand; answer: { ended: boolean; visited: number; of: number } };
  "round.back": { ask: OfBrand; answer: Record<string, never> };
  /** What the tab shows is the page of the round, whatever its address says. */
  "round.accept": { ask: { address: string }; answer: RoundView };
  "round.end": { ask: OfBrand; answer: Record<string, never> };
  "round.place": { ask: { x: number; y: number }; answer: Record<string, never> };
  /** Opens the app or a page of it in a tab: "today", "inbox", "compose", "replies", "settings", "pair". */
  "open.app": { ask: { page: string; params?: Record<string, string> }; answer: Record<string, never> };
  // --- extension pages only: the background refuses these from a content script ---

  /** The post that a page handed over (`from`, of the composer's address) is scheduled: that page says so. */
  "compose.scheduled": { ask: { from: string; moment: string }; answer: Record<string, never> };

  /** Open a mention's page; with `answer` its toolbar unfolds there with suggestions (`openMention` of shared/open.ts). */
  "mention.open": { ask: { url: string; answer: boolean }; answer: Record<string, never> };
  /** Begin the round of the brand in use or take it up again; `page_id`: that page only. */
  "round.start": { ask: { page_id?: string }; answer: Record<string, never> };
  "round.state": { ask: Record<string, never>; answer: RoundState };
  /** A page joins the round of the brand in use. */
  "round.add": { ask: { url: string; title: string }; answer: { id: string; name: string } };
  /** The app in a plain tab asks whether we are paired with its server, and to open a page as for an answer. */
  "handover.here": { ask: Record<string, never>; answer: { here: boolean } };
  "handover.open": { ask: { url: string }; answer: Record<string, never> };
  /** A page of ours is on screen: said every 5 s, changes are then asked for every second. Tells the newest change heard. */
  "view.here": { ask: Record<string, never>; answer: { last: number } };
  /** What popup and panel show around the list. */
  state: { ask: Record<string, never>; answer: ExtensionState };
  "pair.start": { ask: { server: string }; answer: Pairing };
  "pair.cancel": { ask: Record<string, never>; answer: Record<string, never> };
  /** Forget the token and what was read with it. The device stays in the app's list until it is revoked there. */
  "pair.forget": { ask: Record<string, never>; answer: Record<string, never> };
  "brand.use": { ask: { id: string }; answer: Record<string, never> };
  "language.use": { ask: { language: "" | "en" | "fr" }; answer: Record<string, never> };
  /** The keys of the panel in pages, from now on. */
  "keys.use": { ask: Pick<PageKeys, "choose" | "search">; answer: Record<string, never> };
  /** Whether the toolbar is on at this address, and what can be done about it. */
  "site.state": { ask: { url: string }; answer: SiteState };
  /** After the person granted access: run there now and from now on. */
  "site.on": { ask: { url: string }; answer: SiteState };
  "site.off": { ask: { url: string }; answer: SiteState };
  /** Undo "hide", on one site or for ever. */
  "site.show": { ask: { url: string }; answer: SiteState };
  /** All networks with addresses of their own, those of other countries left out. */
  networks: { ask: { languages: readonly string[] }; answer: Network[] };
  /** How the toolbar stands in a tab; null = it does not run there. */
  "page.status": { ask: { tab: number }; answer: PageStatus | null };
  /** What is in the page and what we read of it, all names and words masked: for who mends an adapter. */
  "page.report": { ask: { tab: number }; answer: { text: string } };
  /** Show in the page what is read of it (`check`), or let the person point at it (`teach`). */
  "page.show": { ask: { tab: number; what: "check" | "teach" }; answer: Record<string, never> };
  /** A keyword of these words alone. */
  "watch.term": { ask: { term: string }; answer: { id: string } };
  /** Watch what this site publishes: the server finds its feed. */
  "watch.site": { ask: { url: string; title?: string }; answer: { id: string } };
  /** Watch one page for changes, where it has no feed. */
  "watch.page": { ask: { url: string; title?: string }; answer: { id: string } };
  /** Watch a hashtag: where its address (may be "") is that of a server that can be asked, there. */
  "watch.tag": { ask: { tag: string; url: string }; answer: { id: string } };
  /** Let the person pick a list on the page of a tab; refused where nothing may run. */
  "pick.start": { ask: { tab: number }; answer: Record<string, never> };
  /** What the server reads by two clicks on the page that asks. */
  "pick.preview": { ask: { clicks: [PickStep[], PickStep[]] }; answer: PickPreview };
  /** Listen to the list on the page that asks; or to the page itself. */
  "pick.save": { ask: { recipe: Recipe; title: string }; answer: { id: string; name: string } };
  "pick.watch": { ask: { title: string }; answer: { id: string; name: string } };
  /** Take back what was added so. */
  "pick.undo": { ask: { id: string }; answer: Record<string, never> };
  "queue.flush": { ask: Record<string, never>; answer: Record<string, never> };
  "queue.drop": { ask: { id: string }; answer: Record<string, never> };
  /** One call of the API. */
  api: {
    ask: { method: string; path: string; body?: unknown; idempotency_key?: string };
    answer: { status: number; body: unknown };
  };
}

export type RequestName = keyof Requests;
export type Ask<K extends RequestName> = Requests[K]["ask"];
export type AnswerOf<K extends RequestName> = Requests[K]["answer"];
export type Reply<K extends RequestName> = { ok: true; value: AnswerOf<K> } | { ok: false; error: Failure };

/** Pushed from the background to content scripts and open pages. */
export type Push =
  | { push: "page.state.changed" }
  /** More is known of sites, or something else: a page whose adapter is another one now begins anew. */
  | { push: "page.kit.changed" }
  /** `last`: the newest change of the server this is about, where it is about one. */
  | { push: "changed"; kinds: string[]; last?: number }
  /** Begin to check or to teach on this page. */
  | { push: "page.show"; what: "check" | "teach" }
  /** The tab of a round shows a page: our bar belongs there; null: no longer. */
  | { push: "round"; view: RoundView | null }
  /** A keyboard command (`reply`): suggestions for the nearest post. */
  | { push: "toolbar.focus" }
  /** Open the toolbar's suggestions on the post at this address ("" = the main one). */
  | { push: "toolbar.answer"; url: string }
  /** A short notice on the page, already in the person's language, with an optional text to copy. */
  | { push: "notice"; text: string; copy: string };
