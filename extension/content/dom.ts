/** Building elements by DOM calls only: pages with Trusted Types forbid markup, and nothing here needs it. */

export type Child = Node | string | null | undefined | false;

interface Props {
  class?: string;
  text?: string;
  [attribute: string]: unknown;
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
    else if (name === "text") element.textContent = String(value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) if (child) element.append(child);
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

/** The focused element, through open shadow roots. */
export function focused(): Element | null {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at;
}
