/**
 * Adapters that did not come with the extension (from the person's server, taught by pointing, shared by somebody) are
 * accepted only when they are data of the known shape, bound to the host they are for, and cannot make a page wait.
 * There is no document here to try a selector on: its brackets and quotes must close, and the page's script tries each
 * once more where it runs (content/sound.ts).
 */
import { SITES } from "../sites";
import { namesHost } from "../sites/find";
import shapes from "../sites/schema.json";
import type { Site } from "../sites/types";

/** As JSON. The largest of ours has some 9 kB. */
const LARGEST = 40_000;

/** The part of JSON Schema that schema.json is written in. */
interface Shape {
  $ref?: string;
  anyOf?: Shape[];
  enum?: unknown[];
  type?: "object" | "array" | "string" | "boolean" | "integer" | "null";
  required?: string[];
  properties?: Record<string, Shape>;
  items?: Shape;
  minItems?: number;
  maxItems?: number;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  pattern?: string;
}

const named = (shapes as unknown as { $defs: Record<string, Shape> }).$defs;

/** The adapter, where `data` is one for `host`; else null. */
export function validAdapter(data: unknown, host: string): Site | null {
  if (!fits(data, named.site!)) return null;
  const site = data as Site;
  if (JSON.stringify(site).length > LARGEST) return null;
  return isBound(site, host) && isWhole(site) && isSafe(site) ? structuredClone(site) : null;
}

function fits(value: unknown, shape: Shape): boolean {
  if (shape.$ref) return fits(value, named[shape.$ref.split("/").pop()!]!);
  if (shape.anyOf) return shape.anyOf.some((one) => fits(value, one));
  if (shape.enum) return shape.enum.includes(value);
  const { type, minLength = 0, maxLength = 0, minimum = 0, maximum = 0, minItems = 0, maxItems = 0 } = shape;
  if (type === "null") return value === null;
  if (type === "boolean") return typeof value === "boolean";
  if (type === "integer") return Number.isInteger(value) && Number(value) >= minimum && Number(value) <= maximum;
  if (type === "string") {
    if (typeof value !== "string" || value.length < minLength || value.length > maxLength) return false;
    return !shape.pattern || new RegExp(shape.pattern, "u").test(value);
  }
  if (type === "array") {
    const { items = {} } = shape;
    if (!Array.isArray(value) || value.length < minItems || value.length > maxItems) return false;
    return value.every((one) => fits(one, items));
  }
  if (type !== "object" || typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const { properties = {}, required = [] } = shape;
  if (!required.every((name) => Object.hasOwn(value, name))) return false;
  return Object.entries(value).every(([name, one]) => {
    const inner = Object.hasOwn(properties, name) ? properties[name] : undefined;
    return inner !== undefined && fits(one, inner);
  });
}

/** For this very host. On any host only what we ourselves tell by what is in the page, or the practice page. */
function isBound({ id, hosts, test, variants }: Site, host: string): boolean {
  const anywhere = hosts.length === 0 && test !== null && SITES.some((own) => own.id === id && own.hosts.length === 0);
  if (!anywhere && !namesHost(hosts, host)) return false;
  return variants.every((variant) =>
    [variant.url, variant.author_url].every((template) => {
      const [, there] = /^https?:\/\/([^/]+)/.exec(template) ?? [];
      return there === undefined || namesHost(hosts, there);
    }),
  );
}

/** What a shape cannot say. */
function isWhole({ composer_only, variants, composers }: Site): boolean {
  if (composer_only ? variants.length > 0 : variants.length === 0) return false;
  return composers.every(({ owner, parent }) => owner.includes("form") === (parent !== undefined));
}

const SELECTORS = new Set("css quotes skip answering between picture described missing describe".split(" "));

/** Every selector closes what it opens, and no pattern can hang. */
function isSafe(site: Site): boolean {
  let safe = true;
  JSON.stringify(site, (key, value: unknown) => {
    if (key === "keep") safe &&= isQuick(String(value));
    const selectors = key === "between" ? (value as string[]) : [value];
    if (SELECTORS.has(key)) {
      safe &&= selectors.every((one) => closes(String(one)));
    }
    return value;
  });
  return safe;
}

function closes(css: string): boolean {
  const open: string[] = [];
  let quote = "";
  for (let n = 0; n < css.length; n++) {
    const sign = css[n]!;
    if (sign === "\\") n++;
    else if (quote) quote = sign === quote ? "" : quote;
    else if (sign === '"' || sign === "'") quote = sign;
    else if (sign === "(" || sign === "[") open.push(sign);
    else if (sign === ")" && open.pop() !== "(") return false;
    else if (sign === "]" && open.pop() !== "[") return false;
  }
  return !quote && open.length === 0;
}

/** Two repetitions without an end at most, and none of a group: over 500 characters that is some milliseconds. */
export function isQuick(pattern: string): boolean {
  try {
    new RegExp(pattern);
  } catch {
    return false;
  }
  const bare = pattern.replace(/\\./g, "x").replace(/\[\^?\]?[^\]]*\]/g, "x");
  if (/\)[*+{]/.test(bare) || /\\[1-9k]/.test(pattern) || /\(\?<?[=!]/.test(bare)) return false;
  const endless = bare.match(/[*+]|\{\d*,\}/g) ?? [];
  const counted = bare.match(/\{[^}]*\}/g) ?? [];
  return endless.length <= 2 && endless.length + counted.length <= 4;
}
