/**
 * What we know of a network's pages, as data: selectors, each with what it is expected to match, so that tests and the
 * page itself can check them. No code in here: such a file may also come from the person's own server as JSON.
 */

/** How often a selector matches, counted in one post (or in the page, for `post`, `composer` and `test`). */
export type Finds = "one" | "maybe" | "some";

export interface Hook {
  css: string;
  finds: Finds;
}

/** Where to read one value. */
export interface Read extends Hook {
  /** "text" (visible text, with emoji pictures), "@name" an attribute, "location" the page's own address. */
  from: string;
  /** A regular expression: its first group, or all it matches, is kept. Elements that do not match are passed over. */
  keep?: string;
}

/** The post's own row of buttons, beside which our mark rests. */
export type Row = Hook | { between: [string, string] };

/** One shape of post. A site has several where its pages or its generations differ; all are looked for at once. */
export interface Variant {
  name: string;
  post: Hook;
  /** How many following siblings belong to the post (rows of a table). */
  next?: number;
  /** Somebody else's words inside a post, and everything in them that must not be read. */
  quotes?: string;
  /** Posts that are advertising or otherwise not somebody speaking. */
  skip?: string;
  /** Each value: the first place that gives something. */
  author: Read[];
  handle: Read[];
  id: Read[];
  text: Read[];
  time: Read[];
  /** Addresses of the post and of its author, from `{handle}` and `{id}`; relative ones are completed. */
  url: string;
  author_url: string;
  rows: Row[];
  /** The site's own button that opens a reply box. */
  reply?: Hook;
}

/** A box that replies are written in. */
export interface Composer extends Hook {
  /** Something in the box's form that names the post it answers, by id. */
  parent?: Read;
  /** There in the page only while the box answers a post (it otherwise writes a new one). */
  answering?: string;
}

export interface Site {
  id: string;
  /** Exact host names; none = any host where `test` matches. */
  hosts: string[];
  /** What such a page holds. */
  test: Hook | null;
  variants: Variant[];
  composers: Composer[];
  /** The site's Send buttons: watched, never pressed. */
  submit: Hook[];
}

export const one = (css: string): Hook => ({ css, finds: "one" });
export const maybe = (css: string): Hook => ({ css, finds: "maybe" });
export const some = (css: string): Hook => ({ css, finds: "some" });

/** `read("one", "a.name")`, `read("some", "a", "@href", "^/@(.+)$")` */
export function read(finds: Finds, css: string, from = "text", keep?: string): Read {
  return keep === undefined ? { css, finds, from } : { css, finds, from, keep };
}
