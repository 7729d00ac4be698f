/**
 * What one who mends an adapter must know of a page, and nothing that anybody wrote there: how often each selector finds
 * something, and the bones of one post. Texts are only counted, names and addresses masked sign by sign.
 */
import type { Read, Site, Variant } from "../../sites/types";
import { learn, within } from "../drawing/read";
import { type Found, findPosts, having, VALUES } from "./survey";

const MOST_NODES = 250;
const DEEPEST = 25;
/** Attributes that say what a thing is, in words of the site: they are what adapters hold on to. */
const TELLING =
  /^(?:role|type|rel|itemprop|itemtype|dir|slot|contenteditable|data-(?:test-?id|test|view-name|e2e|pagelet|type|role))$/;
/** Those that are said of, not shown: their names matter. */
const NEVER = /^(?:style|srcset|d|points|nonce)$/;

/** For `site` on this page; `missing`: what it lacked where the toolbar stepped back. */
export function reportOf(site: Site, missing: string): string {
  const posts = findPosts(site);
  const person = wordsOf(posts);
  const worst = [...posts].sort((one, other) => other.missing.length - one.missing.length)[0];
  return [
    `Entregent ${__VERSION__} on ${browserName()}, ${new Date().toISOString().slice(0, 10)}`,
    `Adapter ${site.id} of ${site.version} (${site.tier})${missing ? `; stepped back: ${missing}` : ""}`,
    "Structure only: every text, name and address is masked.",
    `Page: ${mask(location.pathname)}`,
    "",
    ...site.variants.flatMap((variant) => countsOf(site, variant, posts)),
    ...(worst
      ? ["", "One post:", ...bonesOf(worst.element, person)]
      : ["", "The page:", ...bonesOf(document.body, person)]),
  ].join("\n");
}

function browserName(): string {
  const [, name, version] = /(Firefox|Chrome)\/(\d+)/.exec(navigator.userAgent) ?? [];
  return name ? `${name} ${version}` : "a browser";
}

function countsOf(site: Site, variant: Variant, all: Found[]): string[] {
  learn(site);
  const posts = all.filter((one) => one.variant === variant);
  const lines = [`${variant.name}: ${posts.length} of ${variant.post.css}`];
  if (posts.length === 0) return lines;
  lines.push(`  read: ${VALUES.map((name) => `${name} ${having(posts, name)}`).join(", ")}`);
  const reads = (["author", "handle", "id", "thread", "text", "time"] as const).flatMap((name) =>
    (variant[name] ?? []).map((read: Read) => [name, read.css] as const),
  );
  const rows = variant.rows.flatMap((row) =>
    ("css" in row ? [row.css] : row.between).map((css) => ["row", css] as const),
  );
  for (const [name, css] of [...reads, ...rows]) {
    const found = posts.filter(({ element }) => within(element, variant, css).length > 0).length;
    lines.push(`  ${found} ${name} ${css}`);
  }
  return lines;
}

/** All that may be somebody's name, in pieces. */
function wordsOf(posts: Found[]): Set<string> {
  const pieces = posts.flatMap(({ author }) => author.toLowerCase().split(/[^\p{L}\p{N}]+/u));
  return new Set(pieces.filter((piece) => piece.length > 2));
}

/** `/ada/status/1234` → `/aaa/aaaaaa/0000`: the shape stays. */
function mask(value: string): string {
  const shape = value
    .replace(/\p{L}/gu, "a")
    .replace(/\p{N}/gu, "0")
    .replace(/a{9,}/g, "aaaaaaaa…")
    .replace(/0{9,}/g, "00000000…");
  return shape.length > 80 ? `${shape.slice(0, 80)}…` : shape;
}

/** A word of the site stays, one that holds a name or a number does not. */
function telling(value: string, person: ReadonlySet<string>): string {
  const pieces = value.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  return pieces.some((piece) => person.has(piece)) || value.length > 60 ? mask(value) : value.replace(/\p{N}/gu, "0");
}

function bonesOf(from: Element, person: ReadonlySet<string>): string[] {
  const lines: string[] = [];
  const walk = (element: Element, depth: number): void => {
    if (lines.length >= MOST_NODES || depth > DEEPEST) return;
    if (element.localName.startsWith("entregent-")) return;
    const attributes = [...element.attributes].flatMap(({ name, value }) => attributeOf(name, value, person));
    const said = [...element.childNodes].reduce(
      (n, node) => n + (node.nodeType === Node.TEXT_NODE ? (node.textContent ?? "").trim().length : 0),
      0,
    );
    lines.push(`${"  ".repeat(depth)}<${[element.localName, ...attributes].join(" ")}>${said ? ` ${said} signs` : ""}`);
    if (/^(?:svg|script|style)$/.test(element.localName)) return;
    for (const child of element.children) walk(child, depth + 1);
  };
  walk(from, 1);
  if (lines.length >= MOST_NODES) lines.push("  …");
  return lines;
}

function attributeOf(name: string, value: string, person: ReadonlySet<string>): string[] {
  const safe = name.replace(/\d+/g, "0");
  if (NEVER.test(name)) return [];
  if (name === "class")
    return value.trim()
      ? [
          `class="${value
            .trim()
            .split(/\s+/)
            .map((one) => telling(one, person))
            .join(" ")}"`,
        ]
      : [];
  if (TELLING.test(name)) return [`${safe}="${telling(value, person)}"`];
  return [value ? `${safe}="${mask(value)}"` : safe];
}
