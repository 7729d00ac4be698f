/** What an adapter's reads give: the text or the attribute of the first element that has one. */
import type { Read, Site } from "../sites/types";

const BLOCKS = new Set(["p", "div", "li", "ul", "ol", "blockquote", "pre", "h1", "h2", "h3", "h4", "table", "tr"]);
const SPACES = /[\s\u00a0]+/g;

/** Visible text with line breaks, and emoji pictures as their characters. */
export function textOf(element: Element, leaveOut = ""): string {
  let text = "";
  const walk = (node: Node): void => {
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) {
        text += (child as Text).data.replace(SPACES, " ");
      } else if (child instanceof Element) {
        const tag = child.localName;
        if (tag === "br") text += "\n";
        else if (tag === "img") text += child.getAttribute("alt") ?? "";
        else if (tag !== "script" && tag !== "style" && !(leaveOut && child.matches(leaveOut))) {
          const block = BLOCKS.has(tag);
          if (block && text) text = `${text.trimEnd()}\n`;
          walk(child);
          if (block) text += tag === "p" ? "\n\n" : "\n";
        }
      }
    }
  };
  walk(element);
  return text
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "")
    .replace(/[ \t]+/g, " ")
    .replace(/ ?\n ?/g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

const patterns = new Map<string, RegExp>();
/** No pattern looks further: what the data keeps are names, ids and addresses, and a page may be hostile. */
const LONGEST = 500;

export function kept(value: string, keep: string | undefined): string {
  if (keep === undefined) return value;
  let pattern = patterns.get(keep);
  if (!pattern) {
    pattern = new RegExp(keep);
    patterns.set(keep, pattern);
  }
  const found = pattern.exec(value.slice(0, LONGEST));
  const groups = found?.slice(1).filter((one) => one !== undefined);
  return groups?.length ? groups.join("/") : (found?.[0] ?? "");
}

export function valueAt(element: Element, from: string, leaveOut?: string): string {
  if (from === "location") return location.pathname;
  if (from === "address") return location.pathname + location.search;
  return from === "text" ? textOf(element, leaveOut) : (element.getAttribute(from.slice(1)) ?? "");
}

/** The first value that is there, in the order of `reads`. */
export function firstIn(reads: Read[], find: (css: string) => Iterable<Element>, leaveOut?: string): string {
  for (const { css, from, keep } of reads) {
    for (const element of find(css)) {
      const value = kept(valueAt(element, from, leaveOut).trim(), keep).trim();
      if (value) return value;
    }
  }
  return "";
}

/** Who is logged in on this page, as it says itself; "" = it does not say. */
export function readAccount(site: Site): { handle: string; name: string } {
  const first = (reads: Read[]) =>
    firstIn(reads, (css) => (css === ":scope" ? [document.documentElement] : document.querySelectorAll(css)));
  return { handle: first(site.account), name: first(site.account_name) };
}
