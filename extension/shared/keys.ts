/**
 * One keyboard map per page: letters act on the page, never while somebody types, and `?` shows them.
 * A screen adds its keys while it is mounted and takes them away with the function it got.
 */

export interface Key {
  /** As KeyboardEvent.key: "j", "Enter", "?", "/"; "Shift+J" where the shift matters. */
  key: string;
  /** What it does, in the person's language, for the `?` panel. "" = not shown (a second key for the same act). */
  label: string;
  run: (event: KeyboardEvent) => void;
}

const stack: Key[][] = [];

/** True where letters are text: fields, editable regions, and open menus (which use letters to jump). */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0];
  if (!(target instanceof Element)) return false;
  if (target.closest('[contenteditable=""],[contenteditable="true"],textarea,select,[role="menu"]')) return true;
  return (
    target instanceof HTMLInputElement && !["checkbox", "radio", "button", "submit", "range"].includes(target.type)
  );
}

function heard(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  if (isTyping(event)) return;
  // While a modal dialog is open, the page behind it does not hear keys, whichever button of the dialog has the focus.
  if (document.querySelector("dialog:modal")) return;
  for (const keys of [...stack].reverse()) {
    const found = keys.find(({ key }) => key === event.key || key === `Shift+${event.key}`);
    if (found) {
      event.preventDefault();
      found.run(event);
      return;
    }
  }
}

/** Add keys; the newest map wins. Returns how to take them away. */
export function addKeys(keys: Key[]): () => void {
  if (stack.length === 0) document.addEventListener("keydown", heard);
  stack.push(keys);
  return () => {
    stack.splice(stack.indexOf(keys), 1);
    if (stack.length === 0) document.removeEventListener("keydown", heard);
  };
}

/** The keys that act now, for the `?` panel. */
export function shownKeys(): Key[] {
  const seen = new Set<string>();
  return [...stack]
    .reverse()
    .flat()
    .filter(({ key, label }) => label && !seen.has(key) && seen.add(key));
}
