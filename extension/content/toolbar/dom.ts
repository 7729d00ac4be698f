/** Building elements by DOM calls only: pages with Trusted Types forbid markup, and nothing here needs it. */

export type Child = Node | string | null | undefined | false;

interface Props {
  class?: string;
  text?: string;
  [attribute: string]: unknown;
}

/**
 * Words of ours. They are no text of the document but drawn from an attribute by a rule of our style sheet: a page's
 * `find`, selections and copies reach the text even of closed shadow roots, and what is drawn so they do not. Screen
 * readers read it like any text, but for who computes names without a browser: buttons and headings carry theirs.
 */
export function say(element: HTMLElement, words: string): void {
  if (words) element.dataset.t = words;
  else delete element.dataset.t;
  if (__TEST__) copyFor(element, words);
}

/** Tests read text, not drawings: in their build there is a copy of no size, heard by nobody. */
function copyFor(element: HTMLElement, words: string): void {
  const copy = element.querySelector<HTMLElement>(":scope > [data-copy]") ?? document.createElement("span");
  copy.dataset.copy = "";
  copy.ariaHidden = "true";
  copy.textContent = words;
  copy.style.cssText =
    "display:inline-block;width:1px;height:1px;margin-right:-1px;overflow:hidden;opacity:0;vertical-align:top;pointer-events:none";
  if (words) element.prepend(copy);
  else copy.remove();
}

/** `make("button", {class: "go", "aria-label": "…"}, icon, "Go")`; null, false and "" set nothing. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false || value === "") continue;
    if (name === "class") element.className = String(value);
    else if (name === "text" && tag === "style") element.textContent = String(value);
    else if (name === "text") say(element, String(value));
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children)
    if (child) element.append(typeof child === "string" ? make("span", { text: child }) : child);
  return element;
}

/** Resolves after `ms`. */
export const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** `find` asked again and again until it gives something or `ms` are over. */
export async function waitFor<T>(find: () => T | null, ms: number, step = 50): Promise<T | null> {
  for (const end = performance.now() + ms; ; await wait(step)) {
    const found = find();
    if (found !== null || performance.now() > end) return found;
  }
}

/** Whether an element takes up room on the page. */
export function isVisible(element: Element): boolean {
  const { width, height } = element.getBoundingClientRect();
  return width > 0 && height > 0 && getComputedStyle(element).visibility === "visible";
}
