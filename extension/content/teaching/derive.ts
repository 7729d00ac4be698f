/**
 * Selectors that last: made of what the site's authors called things (test ids, item properties, roles, words), never of
 * what a build made up, and tried on every post of the page before they are believed.
 */

/** Said by a test or a vocabulary: nobody renames them lightly. */
const NAMING = ["data-testid", "data-test-id", "data-test", "data-qa", "data-e2e", "itemprop"];
/** Names of attributes that frameworks make up. */
const MADE_UP = /^data-(?:v-|s-|react|radix|emotion|styled|n-|astro|svelte|focus|state|index|key$|id$|hover|active)/;
/** What a thing is at the moment, not what it is. */
const PASSING =
  /^(?:is-|has-|js-)?(?:active|selected|current|hover|focus|focused|odd|even|first|last|new|unread|read|hidden|visible|open|opened|closed|show|shown|collapsed|expanded|loaded|loading|highlight(?:ed)?|own|mine|clearfix|container|row|col|wrapper|inner|left|right|pull-left|pull-right)$/i;
const MOST_NAMES = 8;
const LONGEST = 300;

/** Whether a class or an id is a word that somebody chose. `x1lliihq`, `css-1dbjc4n`, `_3xKd9` are not. */
export function isWord(name: string): boolean {
  if (name.length > 40 || PASSING.test(name) || !/^-?[a-z][\w-]*$/i.test(name)) return false;
  const pieces = name.split(/[-_]+|(?<=[a-z])(?=[A-Z])/).filter(Boolean);
  return pieces.every((piece) => {
    if (/\d/.test(piece)) return /^[a-z]{2,}\d$/i.test(piece) || /^\d$/.test(piece);
    return piece.length <= 2 || /[aeiouyéèêàâîôû]/i.test(piece);
  });
}

const quoted = (value: string) => `'${value.replace(/\\/g, "\\\\").replace(/'/g, "\\'")}'`;

/** Simple selectors that this element has, the most lasting first; its tag is the last. */
export function namesOf(element: Element): string[] {
  const names: string[] = [];
  for (const name of NAMING) {
    const value = element.getAttribute(name);
    if (value && value.length <= 60 && !/\d{2,}|['{};<]/.test(value)) names.push(`[${name}=${quoted(value)}]`);
  }
  if (element.localName.includes("-")) names.push(element.localName);
  if (/^(?:article|time|blockquote)$/.test(element.localName)) names.push(element.localName);
  const role = element.getAttribute("role");
  if (role && /^[a-z]+$/.test(role)) names.push(`[role='${role}']`);
  const field = /^(?:textarea|input|select)$/.test(element.localName) ? element.getAttribute("name") : null;
  if (field && /^[\w.-]{1,40}$/.test(field)) names.push(`[name='${field}']`);
  if (/\bauthor\b/.test(element.getAttribute("rel") ?? "")) names.push("[rel~='author']");
  for (const name of element.classList) if (isWord(name)) names.push(`.${CSS.escape(name)}`);
  for (const { name } of element.attributes) {
    if (name.startsWith("data-") && !NAMING.includes(name) && !MADE_UP.test(name) && isWord(name.slice(5))) {
      names.push(`[${name}]`);
    }
  }
  const { id } = element;
  if (id && isWord(id)) names.push(`#${CSS.escape(id)}`);
  const [, stem] = /^([a-z][a-z_]*[-_])\d+$/i.exec(id) ?? [];
  if (stem) names.push(`[id^='${stem}']`);
  return [...names.slice(0, MOST_NAMES), element.localName];
}

/** Selectors of one element by itself: one name, the tag with a name, two names. */
function alone(element: Element): string[] {
  const names = namesOf(element);
  const tag = names.at(-1)!;
  const own = names.slice(0, -1);
  const pairs = own.flatMap((one, n) => own.slice(n + 1).map((other) => joined(one, other)));
  return [...own, ...own.filter((name) => !/^[a-z]/i.test(name)).map((name) => tag + name), ...pairs, tag];
}

/** `a` with `.b`; a tag must come first. */
const joined = (one: string, other: string) => (/^[a-z]/i.test(other) ? other + one : one + other);

/** Those of the element, then the same below what it stands in, up to `root`. */
export function selectorsOf(element: Element, root: Element): string[] {
  const own = alone(element);
  const all = [...own];
  const last = own.slice(0, 4).concat(element.localName);
  for (let at = element.parentElement, steps = 0; at && at !== root && steps < 4; at = at.parentElement, steps++) {
    const link = steps === 0 ? " > " : " ";
    for (const above of alone(at).slice(0, 5)) {
      if (/^[a-z]+$/.test(above)) continue; // a bare tag says nothing
      for (const below of last) all.push(above + link + below);
    }
  }
  return [...new Set(all)].filter((css) => css.length <= LONGEST);
}

/** The way down from `root` by numbers: what is left where nothing has a name. */
export function pathTo(element: Element, root: Element): string {
  const steps: string[] = [];
  for (let at: Element | null = element; at && at !== root; at = at.parentElement) {
    const same = at.parentElement
      ? [...at.parentElement.children].filter((one) => one.localName === at!.localName)
      : [];
    steps.unshift(same.length > 1 ? `${at.localName}:nth-of-type(${same.indexOf(at) + 1})` : at.localName);
  }
  return [":scope", ...steps].join(" > ");
}

export const all = (css: string, root: ParentNode = document): Element[] => {
  try {
    return [...root.querySelectorAll(css)];
  } catch {
    return [];
  }
};
