/** Which editor an element is: that decides how text is written into it (measured, see the editor tests). */

export type Kind =
  | "field"
  | "draft"
  | "lexical"
  | "slate"
  | "quill"
  | "prosemirror"
  | "ckeditor"
  | "codemirror"
  | "trix"
  | "plain";

const ROOTS: [Kind, string][] = [
  ["draft", ".public-DraftEditor-content"],
  ["lexical", '[data-lexical-editor="true"]'],
  ["slate", '[data-slate-editor="true"]'],
  ["quill", ".ql-editor"],
  ["prosemirror", ".ProseMirror"],
  ["ckeditor", ".ck-editor__editable"],
  ["codemirror", ".cm-content"],
  ["trix", "trix-editor"],
];
const ANY = ROOTS.map(([, css]) => css).join();

export interface Editor {
  kind: Kind;
  /** The text field, or the element that holds the whole editable text. */
  root: HTMLElement;
}

/** Fields whose text is text: not passwords, numbers, dates. */
const TEXTUAL = new Set(["text", "search", "url", "email", "tel", ""]);

/** The editor that `element` is or stands in. Null where nobody can write. */
export function editorOf(element: Element | null): Editor | null {
  if (!element) return null;
  if (element instanceof HTMLTextAreaElement || element instanceof HTMLInputElement) {
    if (element.readOnly || element.disabled) return null;
    if (element instanceof HTMLInputElement && !TEXTUAL.has(element.getAttribute("type") ?? "")) return null;
    return { kind: "field", root: element };
  }
  // Mostly what has the focus is in none of them: one look then, not eight.
  for (const [kind, css] of element.closest(ANY) ? ROOTS : []) {
    const root = element.closest<HTMLElement>(css);
    if (root?.isContentEditable) return { kind, root };
  }
  if (!(element as HTMLElement).isContentEditable) return null;
  let root = element as HTMLElement;
  while (root.parentElement?.isContentEditable) root = root.parentElement;
  return { kind: "plain", root };
}

export function isField(root: HTMLElement): root is HTMLTextAreaElement | HTMLInputElement {
  return root instanceof HTMLTextAreaElement || root instanceof HTMLInputElement;
}

/** What stands in an editor, as a person sees it. */
export function visibleText({ root }: Editor): string {
  // biome-ignore lint/performance/useDomNodeTextContent: what is seen is asked for, with its line breaks
  return isField(root) ? root.value : root.innerText;
}
