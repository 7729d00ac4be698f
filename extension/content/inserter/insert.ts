/**
 * Text into somebody else's editor: focus, wait, write once, look whether it is there. Never a second try by itself:
 * some editors write later, and a retry gave three copies. What did not arrive goes to the clipboard, with words.
 */
import { wait } from "../toolbar/dom";
import { type Caret, putCaret, selectWords } from "./caret";
import { type Editor, visibleText } from "./detect";
import { writeText } from "./write";

/** `selectionchange` reaches editors a task after `focus()`; in the same task Lexical and Slate lose what is written. */
const SETTLE = 30; // ms
const LOOKS = [100, 100, 150, 250]; // ms between looks

const LONGEST_SEEN = 300;

const squeezed = (text: string) => text.replace(/[\s\u00a0\u200b\ufeff]+/g, "");

function times(whole: string, part: string): number {
  return part ? whole.split(part).length - 1 : 0;
}

/** CodeMirror draws only what is near the caret of a long line; what was cut would miss its end. */
const tailOf = ({ kind }: Editor, wanted: string) => (kind === "codemirror" ? wanted.slice(-LONGEST_SEEN) : wanted);

/**
 * Insert `text` at the caret (`kept`, else where it is, else at the end). True once it is seen in the editor. Where a
 * blank such as `[Order number]` was inserted, the first is left selected.
 */
export async function insertText(
  editor: Editor,
  text: string,
  kept: Caret | null,
  blanks: string[] = [],
): Promise<boolean> {
  putCaret(editor, kept);
  await wait(SETTLE);
  if (!editor.root.isConnected) return false;
  const wanted = tailOf(editor, squeezed(text));
  const before = times(squeezed(visibleText(editor)), wanted);
  writeText(editor, text);
  for (const ms of LOOKS) {
    await wait(ms);
    if (times(squeezed(visibleText(editor)), wanted) > before) {
      for (const blank of blanks) if (selectWords(editor, blank)) break;
      return true;
    }
  }
  return false;
}
