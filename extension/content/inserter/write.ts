/** One way of writing per kind of editor. Each writes once, at the selection, and leaves the page's own undo intact. */
import { type Editor, isField, type Kind } from "./detect";

const LINE = /\r\n|\r|\n/;

// Pages may patch execCommand in their world, not in ours; it is deprecated, and there is nothing to replace it.
const command = (name: string, value?: string): boolean => document.execCommand(name, false, value);

/**
 * A paste that both browsers deliver: Firefox hands on an empty `clipboardData`, unless it is built with init keys of
 * its own. Only plain text: some editors read HTML first.
 */
function pasteEvent(text: string): ClipboardEvent {
  const base = { bubbles: true, cancelable: true, composed: true };
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const event = new ClipboardEvent("paste", { ...base, clipboardData: data });
  if (event.clipboardData?.getData("text/plain") === text) return event;
  return new ClipboardEvent("paste", { ...base, dataType: "text/plain", data: text } as ClipboardEventInit);
}

/** Not `textContent`: that destroys Draft.js and leaves Slate with an empty model under a full screen. */
export const pasteText = ({ root }: Editor, text: string): void => {
  const at = document.getSelection()?.focusNode;
  const target = at && root.contains(at) ? (at instanceof Element ? at : at.parentElement) : root;
  (target ?? root).dispatchEvent(pasteEvent(text));
};

const write: Record<Kind, (editor: Editor, text: string) => void> = {
  field({ root }, text) {
    if (!isField(root) || command("insertText", text)) return;
    const [from, to] = [root.selectionStart ?? root.value.length, root.selectionEnd ?? root.value.length];
    root.setRangeText(text, from, to, "end");
    root.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true, inputType: "insertText", data: text }));
  },
  draft: pasteText,
  lexical: pasteText,
  slate: pasteText,
  quill: pasteText,
  ckeditor: pasteText,
  codemirror: pasteText,
  trix: pasteText,
  prosemirror(_editor, text) {
    command("insertText", text);
  },
  plain(_editor, text) {
    for (const [n, line] of text.split(LINE).entries()) {
      if (n > 0) command("insertLineBreak");
      if (line) command("insertText", line);
    }
  },
};

/** Write `text` at the selection of a focused editor. Whether it worked is only seen later (`insertText`). */
export function writeText(editor: Editor, text: string): void {
  write[editor.kind](editor, text);
}
