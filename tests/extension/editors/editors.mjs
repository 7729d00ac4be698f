// One page with every kind of editor that networks use, each with its own model: `window.editors[name]` gives
// {root, model(), start(draft, caret, end)}: from caret to end is selected. `model` is the text that the editor itself believes it holds, with the lines
// a site would send; what is only on the screen does not count.
import { ClassicEditor } from "@ckeditor/ckeditor5-editor-classic";
import { Essentials } from "@ckeditor/ckeditor5-essentials";
import { Paragraph } from "@ckeditor/ckeditor5-paragraph";
import { history as codeHistory, defaultKeymap, historyKeymap } from "@codemirror/commands";
import { EditorState as CodeState } from "@codemirror/state";
import { EditorView as CodeView, keymap as codeKeymap } from "@codemirror/view";
import { Editor as TipTap } from "@tiptap/core";
import StarterKit from "@tiptap/starter-kit";
import { registerHistory, createEmptyHistoryState } from "@lexical/history";
import { registerPlainText } from "@lexical/plain-text";
import { registerRichText } from "@lexical/rich-text";
import { ContentState, Editor as DraftEditor, EditorState, SelectionState } from "draft-js";
import { $createParagraphNode, $createTextNode, $getRoot, createEditor } from "lexical";
import { baseKeymap } from "prosemirror-commands";
import { history, redo, undo } from "prosemirror-history";
import { keymap } from "prosemirror-keymap";
import { schema } from "prosemirror-schema-basic";
import { EditorState as PMState, TextSelection } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import Quill from "quill";
import React from "react";
import { createRoot } from "react-dom/client";
import { createEditor as createSlate, Editor as SlateEditor, Node as SlateNode, Transforms } from "slate";
import { withHistory } from "slate-history";
import { Editable, ReactEditor, Slate, withReact } from "slate-react";
import Trix from "trix";

const h = React.createElement;
const editors = {};
window.editors = editors;

function place(name) {
  const section = document.createElement("section");
  const title = document.createElement("h2");
  title.textContent = name;
  const box = document.createElement("div");
  box.className = "box";
  section.append(title, box);
  document.body.append(section);
  return box;
}

/** Paragraphs of a document tree; hard breaks are lines too. */
const linesOf = (paragraphs) => paragraphs.join("\n");

// --- fields ---
{
  const area = document.createElement("textarea");
  place("textarea").append(area);
  editors.textarea = {
    root: area,
    model: () => area.value,
    start(draft, caret, end = caret) {
      area.value = draft;
      area.focus();
      area.setSelectionRange(caret, end);
    },
  };
}
{
  let set;
  let value = "";
  function Controlled() {
    const [text, setText] = React.useState("");
    set = setText;
    value = text;
    return h("textarea", { id: "controlled", value: text, onChange: (event) => setText(event.target.value) });
  }
  const box = place("react");
  createRoot(box).render(h(Controlled));
  editors.react = {
    get root() {
      return box.firstElementChild;
    },
    model: () => value,
    async start(draft, caret, end = caret) {
      set(draft);
      await tick();
      box.firstElementChild.focus();
      box.firstElementChild.setSelectionRange(caret, end);
    },
  };
}

// --- contenteditable without a library ---
{
  const root = document.createElement("div");
  root.contentEditable = "true";
  place("plain").append(root);
  editors.plain = {
    root,
    model: () => root.innerText.replace(/\n$/, ""),
    start(draft, caret, end = caret) {
      root.textContent = draft;
      root.focus();
      if (draft) getSelection().setBaseAndExtent(root.firstChild, caret, root.firstChild, end);
    },
  };
}

// --- Draft.js ---
{
  let state = EditorState.createEmpty();
  let set;
  function Draft() {
    const [now, setNow] = React.useState(state);
    state = now;
    set = setNow;
    return h(DraftEditor, { editorState: now, onChange: setNow });
  }
  const box = place("draft");
  createRoot(box).render(h(Draft));
  editors.draft = {
    get root() {
      return box.querySelector(".public-DraftEditor-content");
    },
    model: () => state.getCurrentContent().getPlainText("\n"),
    async start(draft, caret, end = caret) {
      const content = ContentState.createFromText(draft);
      let next = EditorState.createWithContent(content);
      const key = content.getFirstBlock().getKey();
      next = EditorState.forceSelection(next, SelectionState.createEmpty(key).merge({ anchorOffset: caret, focusOffset: end }));
      set(next);
      await tick();
      this.root.focus();
      await tick();
    },
  };
}

// --- Lexical, rich and plain ---
for (const [name, register] of [
  ["lexical", registerRichText],
  ["lexical_plain", registerPlainText],
]) {
  const root = document.createElement("div");
  root.contentEditable = "true";
  place(name).append(root);
  const editor = createEditor({ namespace: name, onError: (error) => console.error(error) });
  editor.setRootElement(root);
  register(editor);
  registerHistory(editor, createEmptyHistoryState(), 300);
  editors[name] = {
    root,
    model: () =>
      editor.getEditorState().read(() => linesOf($getRoot().getChildren().map((child) => child.getTextContent()))),
    async start(draft, caret, end = caret) {
      editor.update(() => {
        const paragraph = $createParagraphNode();
        const text = $createTextNode(draft);
        if (draft) paragraph.append(text);
        $getRoot().clear().append(paragraph);
        if (draft) text.select(caret, end);
        else paragraph.select();
      });
      await tick();
      root.focus();
      await tick();
    },
  };
}

// --- ProseMirror, bare and as TipTap ---
const proseLines = (doc) => {
  const lines = [];
  doc.forEach((block) => lines.push(block.textBetween(0, block.content.size, "\n", (leaf) => (leaf.type.name.startsWith("hard") ? "\n" : ""))));
  return linesOf(lines);
};
{
  const view = new EditorView(place("prosemirror"), {
    state: PMState.create({ schema, plugins: [history(), keymap({ "Mod-z": undo, "Mod-y": redo }), keymap(baseKeymap)] }),
  });
  editors.prosemirror = {
    root: view.dom,
    model: () => proseLines(view.state.doc),
    async start(draft, caret, end = caret) {
      const doc = schema.node("doc", null, [schema.node("paragraph", null, draft ? [schema.text(draft)] : [])]);
      view.updateState(PMState.create({ doc, plugins: view.state.plugins }));
      view.focus();
      view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, 1 + caret, 1 + end)));
      await tick();
    },
  };
}
{
  const tiptap = new TipTap({ element: place("tiptap"), extensions: [StarterKit] });
  editors.tiptap = {
    get root() {
      return tiptap.view.dom;
    },
    model: () => proseLines(tiptap.state.doc),
    async start(draft, caret, end = caret) {
      // What stood there before is nobody's to undo.
      tiptap.chain().setMeta("addToHistory", false).setContent({ type: "doc", content: [{ type: "paragraph", content: draft ? [{ type: "text", text: draft }] : [] }] }).run();
      tiptap.commands.focus();
      tiptap.commands.setTextSelection({ from: 1 + caret, to: 1 + end });
      await tick();
    },
  };
}

// --- Quill ---
{
  const quill = new Quill(place("quill"));
  editors.quill = {
    root: quill.root,
    model: () => quill.getText().replace(/\n$/, ""),
    async start(draft, caret, end = caret) {
      quill.setText(draft);
      quill.history.clear(); // what stood there before is nobody's to undo
      quill.focus();
      quill.setSelection(caret, end - caret);
      await tick();
    },
  };
}

// --- Slate ---
{
  const slate = withHistory(withReact(createSlate()));
  const box = place("slate");
  const empty = [{ type: "paragraph", children: [{ text: "" }] }];
  createRoot(box).render(h(Slate, { editor: slate, initialValue: empty }, h(Editable)));
  editors.slate = {
    get root() {
      return box.querySelector("[data-slate-editor]");
    },
    model: () => linesOf(slate.children.map((node) => SlateNode.string(node))),
    async start(draft, caret, end = caret) {
      SlateEditor.withoutNormalizing(slate, () => {
        while (slate.children.length > 0) Transforms.removeNodes(slate, { at: [0] });
        Transforms.insertNodes(slate, [{ type: "paragraph", children: [{ text: draft }] }], { at: [0] });
      });
      ReactEditor.focus(slate);
      Transforms.select(slate, { anchor: { path: [0, 0], offset: caret }, focus: { path: [0, 0], offset: end } });
      slate.history = { undos: [], redos: [] };
      await tick();
    },
  };
}

// --- CKEditor 5: a blank line is the end of a paragraph ---
{
  const box = place("ckeditor");
  const made = document.createElement("div");
  box.append(made);
  const editor = await ClassicEditor.create(made, { licenseKey: "GPL", plugins: [Essentials, Paragraph] });
  const textOf = (node) => [...node.getChildren()].map((child) => (child.is("$text") ? child.data : "\n")).join("");
  editors.ckeditor = {
    get root() {
      return editor.ui.getEditableElement();
    },
    model: () => [...editor.model.document.getRoot().getChildren()].map(textOf).join("\n\n"),
    async start(draft, caret, end = caret) {
      editor.setData("");
      editor.model.enqueueChange({ isUndoable: false }, (writer) => {
        if (draft) writer.insertText(draft, editor.model.document.getRoot().getChild(0), 0);
      });
      editor.editing.view.focus();
      editor.model.change((writer) => {
        const paragraph = editor.model.document.getRoot().getChild(0);
        const at = (offset) => writer.createPositionAt(paragraph, offset);
        writer.setSelection(writer.createRange(at(caret), at(end)));
      });
      await tick();
    },
  };
}

// --- CodeMirror 6 ---
{
  const view = new CodeView({ parent: place("codemirror") });
  editors.codemirror = {
    root: view.contentDOM,
    model: () => view.state.doc.toString(),
    async start(draft, caret, end = caret) {
      const extensions = [codeHistory(), codeKeymap.of([...defaultKeymap, ...historyKeymap])];
      view.setState(CodeState.create({ doc: draft, extensions, selection: { anchor: caret, head: end } }));
      view.focus();
      await tick();
    },
  };
}

// --- Trix ---
{
  const element = document.createElement("trix-editor");
  const ready = new Promise((done) => element.addEventListener("trix-initialize", done, { once: true }));
  place("trix").append(element);
  await ready;
  editors.trix = {
    root: element,
    model: () => element.editor.getDocument().toString().replace(/\n$/, ""),
    async start(draft, caret, end = caret) {
      element.editor.loadHTML("");
      element.editor.setSelectedRange([0, 0]);
      element.editor.insertString(draft);
      element.editor.undoManager.undoEntries.length = 0; // what stood there before is nobody's to undo
      element.focus();
      element.editor.setSelectedRange([caret, end]);
      await tick();
    },
  };
}
window.versions = { trix: Trix.VERSION };

function tick() {
  return new Promise((done) => setTimeout(done, 60));
}

/**
 * Used by the tests of both browsers: prepare an editor, have it written into, give what its model holds then. `end`:
 * from the caret to there is selected; `again`: written once more; `repeat`: the text so many times.
 */
window.tryEditor = async ({ name, draft, caret, end, text, blanks, again, replace, repeat = 1 }) => {
  const editor = editors[name];
  await editor.start(draft, caret, end);
  document.activeElement?.blur();
  if (draft) await editor.start(draft, caret, end);
  else document.activeElement?.blur();
  document.querySelectorAll("[data-target]").forEach((element) => element.removeAttribute("data-target"));
  editor.root.setAttribute("data-target", "");
  let said;
  for (const words of text === "" ? [] : [text.repeat(repeat), ...(again ? [again] : [])]) {
    const done = new Promise((resolve) => addEventListener("inserted", (event) => resolve(JSON.parse(event.detail)), { once: true }));
    dispatchEvent(new CustomEvent("insert", { detail: JSON.stringify({ text: words, blanks: blanks ?? [] }) }));
    said = await done;
  }
  if (replace) {
    const done = new Promise((resolve) => addEventListener("replaced", (event) => resolve(JSON.parse(event.detail)), { once: true }));
    dispatchEvent(new CustomEvent("replace", { detail: JSON.stringify(replace) }));
    said = await done;
  }
  await new Promise((resolve) => setTimeout(resolve, 150));
  return { ok: said.ok, kind: said.kind, model: editor.model(), selected: said.selected, text: said.text };
};

window.modelOf = (name) => editors[name].model();
window.ready = true;
