/**
 * What we know of a network's pages, as data: one JSON file a site (`<id>.json`, described for people in
 * docs/adapters.md and for machines in schema.json). Flat strings and switches, never logic, since such a file may also
 * come from the person's own server or be taught by pointing. Every selector says how often it is expected to match, so
 * that tests and the page itself can check it.
 */
import type { Kind } from "../content/inserter/detect";

/** How often a selector matches, counted in one post (or in the page, for `post`, `composer` and `test`). */
export type Finds = "one" | "maybe" | "some";

export interface Hook {
  css: string;
  finds: Finds;
}

/** Where to read one value. */
export interface Read extends Hook {
  /**
   * "text" (visible text, with emoji pictures), "@name" an attribute, "location" the page's own path, "address" the same
   * with what stands behind its "?".
   */
  from: string;
  /** A regular expression: its groups, joined by "/", or all it matches is kept. Elements without a match are passed over. */
  keep?: string;
}

/** The post's own row of buttons, beside which our mark rests; where it is the text itself, behind its last word. */
export type Row = Hook | { between: [string, string] };

/** One shape of post. A site has several where its pages or its generations differ; all are looked for at once. */
export interface Variant {
  name: string;
  post: Hook;
  /** These stand inside other posts and are posts all the same (comments); else what is inside a post is a quote. */
  inner?: boolean;
  /** How many following siblings belong to the post (rows of a table). */
  next?: number;
  /** Chats: a post without a place for a name goes on with the author of the nearest one before it that has one. */
  continues?: boolean;
  /** Somebody else's words inside a post, and everything in them that must not be read. */
  quotes?: string;
  /** Posts that are advertising or otherwise not somebody speaking. */
  skip?: string;
  /** Each value: the first place that gives something. */
  author: Read[];
  /** Empty where the site has none: then `url` does without it. */
  handle: Read[];
  id: Read[];
  /** What the address of a post needs besides, as `{thread}`: the discussion, group or video it belongs to. */
  thread?: Read[];
  text: Read[];
  time: Read[];
  /** Addresses of the post and of its author ("" = it has none), from `{handle}`, `{id}`, `{thread}`; completed where
   * they begin with "/" (the same server) or "./" (beside this page). */
  url: string;
  author_url: string;
  rows: Row[];
  /** The site's own button that opens a reply box. */
  reply?: Hook;
}

/**
 * How the post that a box answers is found: `form` its form names it by id, `inside` the box stands in the post,
 * `dialog` the first post in the same dialog, `before` the last post above the box, `first` the page's first post,
 * `any` the page's one box, for whichever post is answered (else the first), `pressed` the post whose reply button was
 * pressed just before.
 */
export type Owner = "form" | "inside" | "dialog" | "before" | "first" | "any" | "pressed";

/** A box that replies are written in. A box belongs to the first of the site's composers that matches it. */
export interface Composer extends Hook {
  /** What kind of editor it is: tests hold the skeleton to it, people read it. The page itself looks for itself. */
  editor: Kind;
  /** Tried in this order; empty = it answers no post. */
  owner: Owner[];
  /** For `form`: what in the box's form names the post, by id. */
  parent?: Read;
  /** For `pressed`: there in the page only while the box answers a post (it otherwise writes a new one). */
  answering?: string;
  /** The network that counts in this box, where it is another one than the site's; null = no limit is known. */
  limit?: string | null;
  /** In the box's form or dialog: the site's own number of signs that are left, which wins over every rule. */
  left?: Hook;
  attached?: Attached;
}

/**
 * Pictures attached to what is written in a box: looked for in the nearest element around it that holds one. Whether one
 * has a description is told by what is there while it has one, or while it has none; else nobody can tell.
 */
export interface Attached {
  /** One for each picture. */
  picture: string;
  described?: string;
  missing?: string;
  /** In a picture, or beside it: the site's own button or field for its description. */
  describe?: string;
}

/** `checked`: our adapter was run on a saved real page. `unchecked`: from sources only. `taught`: by pointing. */
export type Tier = "checked" | "unchecked" | "taught";

export interface Site {
  id: string;
  /** As it is shown to people. */
  name: string;
  /** The day this file was last changed, "2026-11-24": the newer one of two counts. */
  version: string;
  tier: Tier;
  /** What it was checked on: page, where it is from, its date. Empty exactly when unchecked. */
  checked: string[];
  /** For people: where the facts come from, what is fragile. Never sent into pages. */
  notes: string[];
  /** Exact host names, or "*.example.com" for all below it; none = any host where `test` matches. */
  hosts: string[];
  /** What such a page holds. */
  test: Hook | null;
  /** No stable hooks for posts: the toolbar stays at the boxes. `variants` is empty then. */
  composer_only?: boolean;
  variants: Variant[];
  composers: Composer[];
  /** The site's Send buttons: watched, never pressed. */
  submit: Hook[];
  /** Who is logged in on the page, read from the whole of it; empty = not to be seen. */
  account: Read[];
  account_name: Read[];
  /** The network whose way of counting (backend/connectors, `count`) holds in its boxes; null = no limit is known. */
  limit: string | null;
}
