/** The inserter alone, as a content script: the page asks by an event, as no test can reach a content script's world in both browsers. */
import { Blanks } from "../../../extension/content/acting/blanks";
import { editorOf } from "../../../extension/content/inserter/detect";
import { insertText } from "../../../extension/content/inserter/insert";
import { replaceWords } from "../../../extension/content/inserter/replace";
import { Words } from "../../../extension/content/inserter/words";
import { addressesIn } from "../../../extension/shared/counting";

let last: Blanks | null = null;

addEventListener("insert", async (event) => {
  const { text, blanks } = JSON.parse((event as CustomEvent<string>).detail) as { text: string; blanks: string[] };
  const editor = editorOf(document.querySelector("[data-target]"));
  const ok = editor !== null && (await insertText(editor, text, null, blanks));
  last?.end();
  last = editor && blanks.length > 0 ? new Blanks(editor, blanks, new AbortController().signal) : null;
  const root = editor?.root;
  const selected =
    root instanceof HTMLTextAreaElement
      ? root.value.slice(root.selectionStart, root.selectionEnd)
      : String(document.getSelection() ?? "");
  dispatchEvent(new CustomEvent("inserted", { detail: JSON.stringify({ ok, selected, kind: editor?.kind }) }));
});

/** All addresses of a text for others, at once. */
addEventListener("replace", async (event) => {
  const instead = JSON.parse((event as CustomEvent<string>).detail) as Record<string, string>;
  const editor = editorOf(document.querySelector("[data-target]"));
  const ok =
    editor !== null &&
    (await replaceWords(editor, null, (text) =>
      addressesIn(text)
        .map(([from, to]) => ({ from, to, text: instead[text.slice(from, to)] ?? text.slice(from, to) }))
        .filter(({ from, to, text: made }) => made !== text.slice(from, to)),
    ));
  const text = editor && new Words(editor).text;
  dispatchEvent(new CustomEvent("replaced", { detail: JSON.stringify({ ok, text }) }));
});
