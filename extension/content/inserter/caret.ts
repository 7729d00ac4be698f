/** The person's caret: kept while our own interface has the focus, and put back before writing. */
import { type Editor, isField } from "./detect";
import { Words } from "./words";

export interface Caret {
  editor: Editor;
  field: [number, number] | null;
  range: Range | null;
}

/** Where the caret of an editor is now. */
export function keepCaret(editor: Editor): Caret {
  const { root } = editor;
  if (isField(root)) return { editor, field: [root.selectionStart ?? 0, root.selectionEnd ?? 0], range: null };
  const selection = root.ownerDocument.getSelection();
  const range = selection?.rangeCount ? selection.getRangeAt(0).cloneRange() : null;
  return { editor, field: null, range: range && root.contains(range.commonAncestorContainer) ? range : null };
}

/** Focus the editor with its caret where it was; at the end where that is not known. */
export function putCaret(editor: Editor, kept: Caret | null): void {
  const { root } = editor;
  const hadFocus = root.contains(root.ownerDocument.activeElement);
  const now = keepCaret(editor);
  root.focus({ preventScroll: true });
  const caret = kept?.editor.root === root ? kept : hadFocus ? now : null;
  if (isField(root)) {
    const [from, to] = caret?.field ?? [root.value.length, root.value.length];
    root.setSelectionRange(from, to);
    return;
  }
  const range = caret?.range;
  if (range && root.contains(range.startContainer) && root.contains(range.endContainer)) select(range);
  else select(endOf(root));
}

export function select(range: Range): void {
  const selection = document.getSelection();
  selection?.removeAllRanges();
  selection?.addRange(range);
}

/** Behind the last character: editors know positions in their text nodes better than positions in their frame. */
function endOf(root: HTMLElement): Range {
  const range = document.createRange();
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  let last: Text | null = null;
  while (walker.nextNode()) last = walker.currentNode as Text;
  const block = [...root.children].at(-1);
  if (last && (!block || block.contains(last) || block.nodeName === "BR")) {
    range.setStart(last, last.length);
    range.collapse(true);
  } else {
    range.selectNodeContents(block && block.nodeName !== "BR" ? block : root);
    range.collapse(false);
  }
  return range;
}

/** Select the first `words` in an editor, so that typing replaces them. False when they are not there as one piece. */
export function selectWords(editor: Editor, words: string): boolean {
  const there = new Words(editor);
  const at = there.raw.indexOf(words);
  return at >= 0 && selectPart(there, at, at + words.length);
}

/** Select a part of an editor's text. False where it is not all text of its own. */
export function selectPart(words: Words, from: number, to: number): boolean {
  const { root } = words.editor;
  if (isField(root)) {
    root.setSelectionRange(from, to);
    return true;
  }
  const range = words.range(from, to);
  if (range) select(range);
  return range !== null;
}
