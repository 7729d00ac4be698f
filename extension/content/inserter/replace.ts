/**
 * Some words of an editor in the place of others, all at once: one step of its own undo, and what stands between them
 * (mentions, pictures) stays. Three ways, as measured with the real editors (docs/editors.md): editors that watch their
 * own page read what is changed there; plain ones take a command; the rest a paste over all from the first to the last.
 */
import { wait } from "../toolbar/dom";
import { type Caret, putCaret, select } from "./caret";
import { type Editor, isField, type Kind } from "./detect";
import { Words } from "./words";
import { pasteText } from "./write";

export interface Change {
  from: number;
  to: number;
  text: string;
}

const SETTLE = 30; // ms, as in insert.ts
/** Slate looks where the selection is ten times a second. */
const SELECTED: Partial<Record<Kind, number>> = { slate: 150 }; // ms
const LOOKS = [50, 100, 100, 150, 250]; // ms between looks
/** They see what changes in their own elements and take it for what the person wrote. */
const WATCHING = new Set<Kind>(["prosemirror", "lexical", "quill"]);
/** A blank line ends the paragraph there, one line's end does not. */
const PARAGRAPHS: Partial<Record<Kind, string>> = { ckeditor: "\n\n" };

/** `changesIn` is asked at the very moment of writing, of what stands there then. True once all of it is seen. */
export async function replaceWords(
  editor: Editor,
  kept: Caret | null,
  changesIn: (text: string) => Change[],
): Promise<boolean> {
  putCaret(editor, kept);
  await wait(SETTLE);
  if (!editor.root.isConnected) return false;
  const words = new Words(editor);
  const changes = changesIn(words.raw);
  if (changes.length === 0) return true;
  const wanted = written(words.raw, 0, words.raw.length, changes);
  const caret = caretIn(words);
  await write(words, changes);
  for (const ms of LOOKS) {
    await wait(ms);
    const now = new Words(editor);
    if (squeezed(now.raw) !== squeezed(wanted)) continue;
    if (caret) putBack(now, moved(caret[0], changes), moved(caret[1], changes));
    return true;
  }
  return false;
}

/** Blanks as no-break ones, and what holds a caret: editors change those as they like. */
const squeezed = (text: string) => text.replace(/[\s\u00a0\u200b\u2060\ufeff]+/g, " ").trim();

function written(text: string, from: number, to: number, changes: Change[]): string {
  let made = "";
  let at = from;
  for (const change of changes) {
    made += text.slice(at, change.from) + change.text;
    at = change.to;
  }
  return made + text.slice(at, to);
}

async function write(words: Words, changes: Change[]): Promise<void> {
  const { editor } = words;
  const { kind, root } = editor;
  const from = changes[0]!.from;
  const to = changes.at(-1)!.to;
  if (isField(root)) {
    root.setSelectionRange(from, to);
    const text = written(words.raw, from, to, changes);
    if (!document.execCommand("insertText", false, text)) {
      root.setRangeText(text, from, to, "end");
      root.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true, inputType: "insertText" }));
    }
    return;
  }
  const places = changes.map((change) => words.nodes(change.from, change.to));
  if (WATCHING.has(kind) && places.every((nodes) => nodes !== null)) {
    for (const [n, nodes] of [...places.entries()].reverse()) change(nodes, changes[n]!.text);
    return;
  }
  const range = words.range(from, to);
  if (!range) return;
  if (kind === "plain") {
    select(range);
    document.execCommand("insertHTML", false, markup(range, words, changes));
    return;
  }
  const between = changes.slice(1).map((change, n) => words.between(changes[n]!.to, change.from, paragraph(kind)));
  if (between.every((one) => one !== null)) {
    select(range);
    await wait(SELECTED[kind] ?? SETTLE);
    pasteText(editor, changes.map(({ text }, n) => text + (between[n] ?? "")).join(""));
    return;
  }
  // Something stands between them that a paste would take away: one after the other, from the last.
  for (const one of [...changes].reverse()) {
    const place = new Words(editor).range(one.from, one.to);
    if (!place) return;
    select(place);
    await wait(SELECTED[kind] ?? SETTLE);
    pasteText(editor, one.text);
    await wait(SETTLE);
  }
}

const paragraph = (kind: Kind) => PARAGRAPHS[kind] ?? "\n";

/** The words in the first of these nodes; backwards, so that places stay what they are. */
function change(nodes: { node: Text; from: number; to: number }[], text: string): void {
  for (const [n, { node, from, to }] of [...nodes.entries()].reverse())
    node.replaceData(from, to - from, n === 0 ? text : "");
}

/** What is selected, with the words in it changed, as markup of the page's own. */
function markup(range: Range, words: Words, changes: Change[]): string {
  // Changed in a copy: its text nodes stand in the same order.
  const holder = document.createElement("div");
  holder.append(range.cloneContents());
  const copies = textsIn(holder);
  const originals = textsIn(range.commonAncestorContainer).filter(
    (node) => range.intersectsNode(node) && within(range, node),
  );
  for (const one of [...changes].reverse()) {
    for (const [n, { node, from, to }] of [...(words.nodes(one.from, one.to) ?? []).entries()].reverse()) {
      const copy = copies[originals.indexOf(node)];
      const shift = node === range.startContainer ? range.startOffset : 0;
      copy?.replaceData(from - shift, to - from, n === 0 ? one.text : "");
    }
  }
  return holder.innerHTML;
}

/** Some of the node lies in the range, not only its edge. */
const within = (range: Range, node: Text) =>
  (node !== range.endContainer || range.endOffset > 0) &&
  (node !== range.startContainer || range.startOffset < node.length);

function textsIn(node: Node): Text[] {
  if (node instanceof Text) return [node];
  const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  const found: Text[] = [];
  while (walker.nextNode()) found.push(walker.currentNode as Text);
  return found;
}

function caretIn(words: Words): [number, number] | null {
  const { root } = words.editor;
  if (isField(root)) return [root.selectionStart ?? 0, root.selectionEnd ?? 0];
  const selection = document.getSelection();
  if (!selection?.rangeCount) return null;
  const { startContainer, startOffset, endContainer, endOffset } = selection.getRangeAt(0);
  const from = words.offsetOf(startContainer, startOffset);
  const to = words.offsetOf(endContainer, endOffset);
  return from === null || to === null ? null : [from, to];
}

/** Where a place is once the changes were made; inside of one it is at its end. */
function moved(at: number, changes: Change[]): number {
  let shift = 0;
  for (const { from, to, text } of changes) {
    if (at <= from) break;
    if (at < to) return from + shift + text.length;
    shift += text.length - (to - from);
  }
  return at + shift;
}

function putBack(words: Words, from: number, to: number): void {
  const { root } = words.editor;
  if (isField(root)) {
    root.setSelectionRange(from, to);
    return;
  }
  const before = from > 0 ? words.range(from - 1, from) : words.range(0, 1);
  const behind = to > 0 ? words.range(to - 1, to) : words.range(0, 1);
  if (!before || !behind) return;
  const range = document.createRange();
  if (from > 0) range.setStart(before.endContainer, before.endOffset);
  else range.setStart(before.startContainer, before.startOffset);
  if (to > 0) range.setEnd(behind.endContainer, behind.endOffset);
  else range.setEnd(behind.startContainer, behind.startOffset);
  select(range);
}
