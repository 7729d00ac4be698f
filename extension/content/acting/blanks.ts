/**
 * The blanks of a reply that was just put into a box (`[Order number]`): Tab goes from one to the next, Shift+Tab back,
 * Escape ends it. Only while the caret is in that box and blanks are left in it; every other Tab is the page's.
 */
import { selectPart } from "../inserter/caret";
import { type Editor, isField } from "../inserter/detect";
import { Words } from "../inserter/words";

interface Spot {
  from: number;
  to: number;
}

export class Blanks {
  readonly #editor: Editor;
  readonly #blanks: readonly string[];
  readonly #end = new AbortController();

  /** `blanks` as they stand in the text, with their brackets. */
  constructor(editor: Editor, blanks: readonly string[], signal: AbortSignal) {
    this.#editor = editor;
    this.#blanks = blanks;
    const options = { capture: true, signal: AbortSignal.any([signal, this.#end.signal]) };
    // Before the page's own: its dialog would close, its focus move.
    addEventListener("keydown", (event) => this.#key(event), options);
  }

  end(): void {
    this.#end.abort();
  }

  #key(event: KeyboardEvent): void {
    const { root } = this.#editor;
    if (!root.isConnected) this.end();
    if (!root.isConnected || (event.key !== "Tab" && event.key !== "Escape")) return;
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const at = event.composedPath()[0];
    if (!(at instanceof Node) || !(root === at || root.contains(at))) return;
    // A list of names that the site offers takes these keys first.
    if (root.getAttribute("aria-expanded") === "true" || root.hasAttribute("aria-activedescendant")) return;
    const words = new Words(this.#editor);
    const left = this.#left(words.raw);
    const next = event.key === "Tab" ? this.#next(words, left, event.shiftKey) : null;
    if (!next) this.end();
    if (left.length === 0 || (event.key === "Tab" && !next)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (next) selectPart(words, next.from, next.to);
  }

  #left(text: string): Spot[] {
    const spots: Spot[] = [];
    for (const blank of new Set(this.#blanks)) {
      for (let from = text.indexOf(blank); from >= 0; from = text.indexOf(blank, from + 1))
        spots.push({ from, to: from + blank.length });
    }
    return spots.sort((one, other) => one.from - other.from);
  }

  /** Behind (or before) what is selected now, round and round; null where there is no other. */
  #next(words: Words, left: Spot[], back: boolean): Spot | null {
    const [from, to] = selection(words);
    const others = left.filter((spot) => !(spot.from === from && spot.to === to));
    if (back) return others.findLast((spot) => spot.to <= from) ?? others.at(-1) ?? null;
    return others.find((spot) => spot.from >= to) ?? others[0] ?? null;
  }
}

function selection(words: Words): [number, number] {
  const { root } = words.editor;
  if (isField(root)) return [root.selectionStart ?? 0, root.selectionEnd ?? 0];
  const now = document.getSelection();
  if (!now?.rangeCount) return [0, 0];
  const { startContainer, startOffset, endContainer, endOffset } = now.getRangeAt(0);
  return [words.offsetOf(startContainer, startOffset) ?? 0, words.offsetOf(endContainer, endOffset) ?? 0];
}
