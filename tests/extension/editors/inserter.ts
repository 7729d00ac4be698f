/** The inserter alone, as a content script: the page asks by an event, as no test can reach a content script's world in both browsers. */
import { editorOf } from "../../../extension/content/inserter/detect";
import { insertText } from "../../../extension/content/inserter/insert";

addEventListener("insert", async (event) => {
  const { text, blanks } = JSON.parse((event as CustomEvent<string>).detail) as { text: string; blanks: string[] };
  const editor = editorOf(document.querySelector("[data-target]"));
  const ok = editor !== null && (await insertText(editor, text, null, blanks));
  const root = editor?.root;
  const selected =
    root instanceof HTMLTextAreaElement
      ? root.value.slice(root.selectionStart, root.selectionEnd)
      : String(document.getSelection() ?? "");
  dispatchEvent(new CustomEvent("inserted", { detail: JSON.stringify({ ok, selected, kind: editor?.kind }) }));
});
