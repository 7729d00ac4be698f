/** Reads posts from a page as an adapter's data says. Everything that comes out is untrusted text. */
import type { PagePost } from "../../shared/messages";
import type { Composer, Read, Row, Site, Variant } from "../../sites/types";
import { firstIn, kept, valueAt } from "../reads";

/** All posts and quotes of a site: what stands in one of them, inside a post, is not that post's own. */
const foreign = new WeakMap<Variant, string>();

/** Look once through a site's adapter, before its posts are read. */
export function learn({ variants }: Site): void {
  const posts = variants.map(({ post }) => post.css);
  for (const variant of variants) foreign.set(variant, [...posts, ...(variant.quotes ? [variant.quotes] : [])].join());
}

/** What belongs to a post: itself and, in tables, the rows that follow. */
function parts(post: Element, variant: Variant): Element[] {
  const found = [post];
  for (let n = variant.next ?? 0, at = post.nextElementSibling; n > 0 && at; n--, at = at.nextElementSibling)
    found.push(at);
  return found;
}

/** All elements of a post that match, without those that are in a quote or in a post inside this one. */
export function within(post: Element, variant: Variant, css: string): Element[] {
  if (css === ":scope") return [post];
  const found: Element[] = [];
  for (const part of parts(post, variant)) {
    for (const element of part.querySelectorAll(css)) if (!isForeign(element, post, variant)) found.push(element);
  }
  return found;
}

function isForeign(element: Element, post: Element, variant: Variant): boolean {
  const css = foreign.get(variant) ?? variant.post.css;
  for (let at: Element | null = element; at && at !== post; at = at.parentElement) if (at.matches(css)) return true;
  return false;
}

/** True for a post that stands inside another one (a quote), and for advertising. */
export function isNested(post: Element, site: Site, variant: Variant): boolean {
  if (variant.skip && post.matches(variant.skip)) return true;
  return site.variants.some(({ post: hook, quotes, skip }) => {
    const outer = post.parentElement?.closest(hook.css);
    if (!variant.inner || !outer) return Boolean(outer);
    return Boolean((skip && outer.matches(skip)) || (quotes && post.parentElement?.closest(quotes)));
  });
}

function firstOf(post: Element, variant: Variant, reads: Read[]): string {
  return firstIn(reads, (css) => within(post, variant, css), variant.quotes);
}

/**
 * An address from its template. "" where a value is missing, and where the page's values would lead to another server
 * than the template says.
 */
function filled(template: string, values: Record<string, string>): string {
  let whole = template !== "";
  const address = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    if (!values[name]) whole = false;
    return values[name] ?? "";
  });
  const made = whole ? parsed(address) : null;
  return made && made.origin === originOf(template) ? made.href : "";
}

const parsed = (path: string) => (URL.canParse(path, location.href) ? new URL(path, location.href) : null);

const origins = new Map<string, string>();

/** The same for every post: found out once. "" = the template is no address. */
function originOf(template: string): string {
  let origin = origins.get(template);
  if (origin === undefined) {
    origin = parsed(template.replace(/[{}]/g, ""))?.origin ?? "";
    origins.set(template, origin);
  }
  return origin;
}

/** So far back is looked for who speaks. */
const FAR = 50; // elements

/**
 * The post that names the author of this one: itself, or in a chat the nearest before it that has a place for a name.
 * Itself too where that is not in the page, or where what nobody says stands between: better no author than a wrong one.
 */
function namedBy(post: Element, variant: Variant): Element {
  if (!variant.continues) return post;
  const places = [...variant.author, ...variant.handle];
  let at: Element | null = post;
  for (let n = 0; at && n <= FAR; n++, at = at.previousElementSibling) {
    if (!at.matches(variant.post.css)) continue;
    const here = at;
    if (places.some(({ css }) => within(here, variant, css).length > 0)) return at;
    if (variant.skip && at.matches(variant.skip)) break;
  }
  return post;
}

/** What tells a post from the one that stood in this element before. "" = no post (any more). */
export function keyOf(post: Element, variant: Variant): string {
  const id = firstOf(post, variant, variant.id);
  return id && `${variant.name} ${id}`;
}

/**
 * The post as the page shows it now. Values that are not there are "". With `glance` only what is needed to draw:
 * address, author, text.
 */
export function readPost(post: Element, site: Site, variant: Variant, glance = false): PagePost {
  const named = namedBy(post, variant);
  const handle = firstOf(named, variant, variant.handle);
  const id = firstOf(post, variant, variant.id);
  const thread = firstOf(post, variant, variant.thread ?? []);
  return {
    url: id ? filled(variant.url, { handle, id, thread }) : "",
    network: site.id,
    author: firstOf(named, variant, variant.author) || handle,
    author_url: glance ? "" : filled(variant.author_url, { handle, id, thread }),
    text: firstOf(post, variant, variant.text).slice(0, 20_000),
    published_at: glance ? null : moment(firstOf(post, variant, variant.time)),
  };
}

export function handleOf(post: Element, variant: Variant): string {
  return firstOf(namedBy(post, variant), variant, variant.handle);
}

/** An ISO date (a blank for its T will do), seconds or milliseconds since 1970, as RFC 3339 in UTC. */
function moment(value: string): string | null {
  if (!value) return null;
  const seconds = /^(\d{10})(\d{3})?$/.exec(value)?.[1];
  const at = new Date(seconds ? Number(seconds) * 1000 : value.replace(/^(\d{4}-\d\d-\d\d) /, "$1T"));
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}

/** The post's row of buttons: where our mark rests. */
export function rowOf(post: Element, variant: Variant): Element | null {
  for (const row of variant.rows) {
    const found = "css" in row ? within(post, variant, row.css).at(-1) : commonOf(post, variant, row);
    if (found) return found;
  }
  return null;
}

/** Nearest common ancestor of two known buttons: the anchor rule that needs no class names. */
function commonOf(post: Element, variant: Variant, row: Extract<Row, { between: unknown }>): Element | null {
  const [first, second] = row.between.map((css) => within(post, variant, css).at(-1));
  let at = first?.parentElement ?? null;
  while (at && second && !at.contains(second)) at = at.parentElement;
  return second ? at : null;
}

export function replyButtonOf(post: Element, variant: Variant): HTMLElement | null {
  const found = variant.reply && within(post, variant, variant.reply.css)[0];
  return (found as HTMLElement | undefined) ?? null;
}

/** The id of the post that a box answers, where its form says so. */
export function parentOf(box: Element, composer: Composer): string {
  const form = box.closest("form");
  if (!composer.parent || !form) return "";
  const { css, from, keep } = composer.parent;
  const named = form.querySelector(css);
  return named ? kept(valueAt(named, from), keep) : "";
}
