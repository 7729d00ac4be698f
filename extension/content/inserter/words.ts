/** The text of an editor as the network will get it, and where in the page each of its characters stands. */
import { type Editor, isField } from "./detect";

/** What stands in an editor and is not its text. */
const NOT_TEXT = "[data-slate-placeholder], .ProseMirror-widget, .ql-ui, .cm-widgetBuffer, style, script";
const INLINE = /^(?:inline|contents|ruby|none)/;
/** What editors put in so that a caret has a place. */
const NOTHING = /[\u200b\u2060\ufeff]/g;

interface Piece {
  /** Null: a line's end, or what cannot be written into (a mention, a picture). */
  node: Text | null;
  at: number;
  text: string;
  /** The end of a paragraph, not only of a line. */
  block?: boolean;
}

export class Words {
  readonly editor: Editor;
  readonly raw: string;
  readonly #pieces: Piece[] = [];
  #due = false;
  #length = 0;

  constructor(editor: Editor) {
    this.editor = editor;
    const { root } = editor;
    if (isField(root)) this.raw = root.value;
    else {
      this.#readAll(root);
      this.raw = this.#pieces.map(({ text }) => text).join("");
    }
  }

  /** Without signs that nobody sees. */
  get text(): string {
    return this.raw.replace(NOTHING, "").replaceAll("\u00a0", " ");
  }

  #add(node: Text | null, text: string, block = false): void {
    this.#pieces.push({ node, at: this.#length, text, block });
    this.#length += text.length;
  }

  /** A line begins: what stood before it ends. */
  #begin(): void {
    if (this.#due) this.#add(null, "\n", true);
    this.#due = false;
  }

  #readAll(element: Element): void {
    for (const child of element.childNodes) {
      if (child instanceof Text) {
        if (!child.data) continue;
        this.#begin();
        this.#add(child, child.data);
      } else if (child instanceof HTMLElement) this.#read(child);
    }
  }

  #read(element: HTMLElement): void {
    if (element.matches(NOT_TEXT)) return;
    if (element.localName === "br") {
      // The last one of a paragraph only holds it open.
      this.#begin();
      if (!endsBlock(element)) this.#add(null, "\n");
      return;
    }
    if (element.contentEditable === "false") {
      this.#begin();
      this.#add(null, element.textContent ?? "");
      return;
    }
    const inline = !isBlock(element);
    if (!inline && this.#pieces.length > 0) this.#due ||= !this.#fresh();
    this.#readAll(element);
    if (!inline) this.#due = true;
  }

  /** Nothing was read since the last line's end. */
  #fresh(): boolean {
    return this.#due || this.#pieces.at(-1)?.block === true;
  }

  /** The place in the page, to be selected. Null where it is not all text that can be written into. */
  range(from: number, to: number): Range | null {
    const start = this.#pieces.find(({ node, at, text }) => node && at <= from && from < at + text.length);
    const end = this.#pieces.find(({ node, at, text }) => node && at < to && to <= at + text.length);
    if (!start?.node || !end?.node) return null;
    const range = document.createRange();
    range.setStart(start.node, from - start.at);
    range.setEnd(end.node, to - end.at);
    return range;
  }

  /** The text nodes between two places, each with what of it lies there; null where something else does too. */
  nodes(from: number, to: number): { node: Text; from: number; to: number }[] | null {
    const inside = this.#pieces.filter(({ at, text }) => at < to && from < at + text.length);
    if (inside.length === 0 || inside.some(({ node }) => !node)) return null;
    return inside.map(({ node, at, text }) => ({
      node: node!,
      from: Math.max(0, from - at),
      to: Math.min(text.length, to - at),
    }));
  }

  /** The text between two places for a paste; null where something stands there that a paste would take away. */
  between(from: number, to: number, paragraph: string): string | null {
    const inside = this.#pieces.filter(({ at, text }) => at < to && from < at + text.length);
    if (inside.some(({ node, text }) => !node && text !== "\n")) return null;
    return inside
      .map(({ at, text, block }) => (block ? paragraph : text.slice(Math.max(0, from - at), to - at)))
      .join("");
  }

  /** Where in the text a place of the page is; null = outside. */
  offsetOf(container: Node, offset: number): number | null {
    const { root } = this.editor;
    if (!root.contains(container)) return null;
    const at = this.#pieces.find(({ node }) => node === container);
    if (at) return at.at + offset;
    const place = document.createRange();
    place.setStart(container, offset);
    const behind = this.#pieces.find(({ node }) => node && place.comparePoint(node, 0) >= 0);
    return behind ? behind.at : this.#length;
  }
}

const isBlock = (node: Node) => node instanceof Element && !INLINE.test(getComputedStyle(node).display);

/** Nothing of the paragraph follows behind it. */
function endsBlock(element: Element): boolean {
  for (let at: Element | null = element; at; at = at.parentElement) {
    if (at !== element && isBlock(at)) return true;
    if (at.nextSibling) return isBlock(at.nextSibling);
  }
  return true;
}
