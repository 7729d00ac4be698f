/** Where one value stands in every post, from one post where it was pointed at; and what needs no pointing at. */
import type { Read, Variant } from "../../sites/types";
import { within } from "../drawing/read";
import { textOf } from "../reads";
import { isVisible } from "../toolbar/dom";
import { all, namesOf, pathTo, selectorsOf } from "./derive";
import type { Kind } from "./posts";

/** Enough of what reading a post needs while the rest is not known yet. */
export const bare = ({ css }: Pick<Kind, "css">): Variant => ({
  name: "post",
  post: { css, finds: "some" },
  author: [],
  handle: [],
  id: [],
  text: [],
  time: [],
  url: "/",
  author_url: "",
  rows: [],
});

/**
 * A selector for `element` of the post `post` that finds one thing in as many posts as possible. `accept` says which of
 * the things found count.
 */
export function findIn(
  kind: Kind,
  post: Element,
  element: Element,
  accept: (found: Element) => boolean = () => true,
): string {
  if (element === post) return ":scope";
  const variant = bare(kind);
  let best = pathTo(element, post);
  let most = 0;
  for (const css of [...selectorsOf(element, post), pathTo(element, post)]) {
    if (within(post, variant, css)[0] !== element) continue;
    const found = kind.elements.map((one) => within(one, variant, css));
    const having = found.filter(([first]) => first && accept(first)).length;
    const alone = found.filter((some) => some.length === 1).length;
    // Every post counts; that it is the only one in its post counts a little; the names' own order decides the rest.
    const score = having + alone / 100;
    if (score > most) [best, most] = [css, score];
  }
  return best;
}

/** The element itself, or the largest around it that says the same: a name often stands in a span in a link. */
export function sameWords(element: Element, post: Element): Element[] {
  const words = textOf(element);
  const same = [element];
  for (let at = element.parentElement; at && at !== post && textOf(at) === words; at = at.parentElement) same.push(at);
  return same;
}

/** What no text holds: once it stands beside, the text has ended. */
const NOT_WORDS = "button, [role='button'], form, textarea, time, header, footer, nav, small, hr, select";
/** A date or a number stands in so few signs; paragraphs may be as short. */
const SHORT = 30;

/** The largest element around `at` that holds words and nothing else: no name, no date, no button. */
export function wordsAround(at: Element, post: Element, author: Element | null): Element {
  let found = at;
  for (let next = at.parentElement; next && next !== post; next = next.parentElement) {
    if (author && next.contains(author)) break;
    const beside = [...next.children].filter((one) => !one.contains(found));
    if (!beside.every(isProse)) break;
    found = next;
  }
  return found;
}

function isProse(element: Element): boolean {
  if (element.matches(NOT_WORDS) || element.querySelector(NOT_WORDS)) return false;
  if (/^(?:p|br|blockquote|ul|ol|pre|figure|img|h\d)$/.test(element.localName)) return true;
  const words = textOf(element);
  const linked = [...element.querySelectorAll("a")].reduce((n, link) => n + textOf(link).length, 0);
  return words.length > SHORT && linked < words.length / 2 && element.localName !== "a";
}

/** Where and when, and the row of buttons: what nobody should have to point at. */
export interface Guessed {
  id: Read[];
  thread: Read[];
  url: string;
  time: Read[];
  rows: Variant["rows"];
  handle: Read[];
  author_url: string;
  quotes: string;
}

const PATH = "^(?:https?://[^/]+)?/(.+)$";
const AT_PAGE: Read = { css: ":scope", finds: "one", from: "address", keep: "^/(.+)$" };

export function guessRest(kind: Kind, post: Element, author: Element, text: Element): Guessed {
  const time = timeOf(kind, post);
  const quotes = quotesOf(kind, findIn(kind, post, text));
  return {
    ...addressOf(kind, post, author, text),
    ...profileOf(kind, post, author),
    time,
    quotes,
    rows: rowsOf(kind, post, author, text),
  };
}

/** Somebody else's words: what is marked up as a quotation, and the frame around it that says whose they are. */
function quotesOf(kind: Kind, text: string): string {
  const found = new Set<string>();
  for (const post of kind.elements) {
    for (const quote of post.querySelectorAll("blockquote")) {
      found.add("blockquote");
      const frame = quote.parentElement?.closest("aside, [class*='quote' i]");
      const words = within(post, bare(kind), text)[0];
      if (!frame || !words?.contains(frame) || frame === words) continue;
      // A name that nothing else has, or what is no quotation would be left out.
      const name = namesOf(frame).find((css) =>
        all(css).every((one) => one.querySelector("blockquote") && !one.contains(words)),
      );
      if (name) found.add(name);
    }
  }
  return [...found].join(", ");
}

/** The address of each post: a link of its own, else its id on this page. */
function addressOf(kind: Kind, post: Element, author: Element, text: Element): Pick<Guessed, "id" | "thread" | "url"> {
  const variant = bare(kind);
  const person = author.closest("a")?.getAttribute("href") ?? author.querySelector("a")?.getAttribute("href") ?? null;
  let best: { css: string; hrefs: string[]; score: number } | null = null;
  for (const link of within(post, variant, "a[href]")) {
    if (text.contains(link) || author.contains(link) || link.contains(author)) continue;
    if (link.getAttribute("href") === person) continue;
    const css = findIn(kind, post, link);
    const hrefs = kind.elements.map((one) => within(one, variant, css)[0]?.getAttribute("href") ?? "");
    const distinct = new Set(hrefs.filter(Boolean)).size;
    if (distinct < hrefs.length * 0.8 || distinct < hrefs.filter(Boolean).length || !hrefs.every(isHere)) continue;
    const score = distinct / hrefs.length + permanence(link, hrefs);
    if (!best || score > best.score) best = { css, hrefs, score };
  }
  if (best) {
    const read = { css: best.css, finds: "one", from: "@href" } as const;
    if (isHash(best.hrefs)) return onPage([{ ...read, keep: "^#(.+)$" }]);
    const relative = best.hrefs.every((href) => !href || !/^(?:\/|https?:)/.test(href));
    if (!relative) return { id: [{ ...read, keep: PATH }], thread: [], url: "/{id}" };
    if (best.hrefs.every((href) => !href.startsWith("?"))) return { id: [read], thread: [], url: "./{id}" };
    return {
      id: [read],
      thread: [{ ...AT_PAGE, from: "location" }],
      url: location.pathname === "/" ? "/{id}" : "/{thread}{id}",
    };
  }
  const ids = kind.elements.map(({ id }) => id);
  if (ids.every(Boolean) && new Set(ids).size === ids.length)
    return onPage([{ css: ":scope", finds: "one", from: "@id" }]);
  return { id: [], thread: [], url: "/{id}" };
}

/** How much a link is like the address of a post: it stands at the date, has a number, and leads to a page like this. */
function permanence(link: Element, hrefs: readonly string[]): number {
  const words = (link.textContent ?? "").trim();
  const href = link.getAttribute("href") ?? "";
  const { pathname, hash } = new URL(href, location.href);
  let score = 0;
  if (link.querySelector("time") || link.closest("time")) score += 3;
  else if (link.parentElement?.querySelector(":scope > time")) score += 1.5;
  if (/^#?\d{1,6}$/.test(words)) score += 2;
  if (/\d/.test(href)) score += 1;
  if (pathname === location.pathname) score += 2;
  if (hash) score += 1;
  if (/user|member|profile|people|avatar|login|report|share|vote/i.test(href)) score -= 3;
  if (isHash(hrefs)) score -= 2.5; // one that works from elsewhere is better
  return score;
}

/** A place on this very page. */
function onPage(id: Read[]): Pick<Guessed, "id" | "thread" | "url"> {
  const root = location.pathname + location.search === "/";
  return { id, thread: root ? [] : [AT_PAGE], url: root ? "/#{id}" : "/{thread}#{id}" };
}

const isHash = (hrefs: readonly string[]) => hrefs.every((href) => !href || href.startsWith("#"));

function isHere(href: string): boolean {
  if (!href) return true;
  return URL.canParse(href, location.href) && new URL(href, location.href).origin === location.origin;
}

function profileOf(kind: Kind, post: Element, author: Element): Pick<Guessed, "handle" | "author_url"> {
  const link = author.closest("a") ?? author.querySelector("a");
  const href = link && post.contains(link) ? link.getAttribute("href") : null;
  if (!link || !href || !isHere(href) || !/^(?:\/[^/]|https?:)/.test(href)) return { handle: [], author_url: "" };
  const css = findIn(kind, post, link);
  return { handle: [{ css, finds: "maybe", from: "@href", keep: PATH }], author_url: "/{handle}" };
}

function timeOf(kind: Kind, post: Element): Read[] {
  for (const [css, name] of [
    ["time[datetime]", "datetime"],
    ["abbr[title]", "title"],
    ["[data-time]", "data-time"],
    ["[data-timestamp]", "data-timestamp"],
  ] as const) {
    const at = within(post, bare(kind), css)[0]?.getAttribute(name) ?? "";
    if (at && (/^\d{10}(?:\d{3})?$/.test(at) || !Number.isNaN(Date.parse(at)))) {
      return [{ css, finds: "maybe", from: `@${name}` }];
    }
  }
  return [];
}

/** Where the mark rests: the last group of buttons or links that is no part of text or name; else beside the name. */
function rowsOf(kind: Kind, post: Element, author: Element, text: Element): Variant["rows"] {
  const groups = new Map<Element, number>();
  for (const one of within(post, bare(kind), "button, [role='button'], a[href], summary")) {
    if (text.contains(one) || author.contains(one) || one.contains(author) || !isVisible(one)) continue;
    for (let at = one.parentElement, n = 0; at && at !== post && n < 3; at = at.parentElement, n++) {
      if (at.contains(text) || at.contains(author)) break;
      groups.set(at, (groups.get(at) ?? 0) + 1);
    }
  }
  const rows = [...groups].filter(([, n]) => n > 1).map(([element]) => element);
  // The smallest that holds them, after the text where there is one.
  const inner = rows.filter((row) => !rows.some((other) => other !== row && row.contains(other)));
  const after = inner.filter((row) => text.compareDocumentPosition(row) & Node.DOCUMENT_POSITION_FOLLOWING);
  const row = after.at(-1) ?? inner.at(-1);
  const beside = author.parentElement && post.contains(author.parentElement) ? author.parentElement : post;
  const found = [row, beside].filter((one) => one !== undefined && one !== null);
  return found.map((one) => ({ css: findIn(kind, post, one), finds: "maybe" as const }));
}

/** A selector for a box one writes in, and what finds the post that it answers. */
export function boxAt(box: Element, kind: Kind): { css: string; owner: ("inside" | "dialog" | "any")[] } {
  const inside = kind.elements.some((one) => one.contains(box));
  const candidates = selectorsOf(box, document.documentElement);
  const one = candidates.find((css) => all(css).length === 1 && all(css)[0] === box);
  const css = one ?? candidates.find((some) => all(some).includes(box)) ?? box.localName;
  const owner = inside
    ? (["inside"] as const)
    : box.closest("dialog, [role='dialog']")
      ? (["dialog", "any"] as const)
      : (["any"] as const);
  return { css, owner: [...owner] };
}

/** The button that sends what stands in a box. */
export function submitOf(box: Element): string {
  for (let at = box.parentElement, n = 0; at && n < 8; at = at.parentElement, n++) {
    const button = at.querySelector("button[type='submit'], input[type='submit'], form button");
    if (button) return selectorsOf(button, document.documentElement).find((css) => all(css).includes(button)) ?? "";
    if (at.localName === "form") break;
  }
  return "";
}
