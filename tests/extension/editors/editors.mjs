// One page with every kind of editor that networks use, each with its own model: `window.editors[name]` gives
// {root, model(), start(draft, caret)}. `model` is the text that the editor itself believes it holds, with the lines
// a site would send; what is only on the screen does not count.
import { Editor as TipTap } from "@tiptap/core";
import StarterKit from "@tiptap/starter-kit";
import { registerHistory, createEmptyHistoryState } from "@lexical/history";
import { registerPlainText } from "@lexical/plain-text";
import { registerRichText } from "@lexical/rich-text";
import { ContentState, Editor as DraftEditor, EditorState, SelectionState } from "draft-js";
import { $createParagraphNode, $createTextNode, $getRoot, createEditor } from "lexical";
import { baseKeymap } from "prosemirror-commands";
import { keymap } from "prosemirror-keymap";
import { schema } from "prosemirror-schema-basic";
import { EditorState as PMState, TextSelection } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import Quill from "quill";
import React from "react";
import { createRoot } from "react-dom/client";
import { createEditor as createSlate, Editor as SlateEditor, Node as SlateNode, Transforms } from "slate";
import { Editable, ReactEditor, Slate, withReact } from "slate-react";

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
    start(draft, caret) {
      area.value = draft;
      area.focus();
      area.setSelectionRange(caret, caret);
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
    async start(draft, caret) {
      set(draft);
      await tick();
      box.firstElementChild.focus();
      box.firstElementChild.setSelectionRange(caret, caret);
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
    start(draft, caret) {
      root.textContent = draft;
      root.focus();
      if (draft) getSelection().collapse(root.firstChild, caret);
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
    async start(draft, caret) {
      const content = ContentState.createFromText(draft);
      let next = EditorState.createWithContent(content);
      const key = content.getFirstBlock().getKey();
      next = EditorState.forceSelection(next, SelectionState.createEmpty(key).merge({ anchorOffset: caret, focusOffset: caret }));
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
    async start(draft, caret) {
      editor.update(() => {
        const paragraph = $createParagraphNode();
        const text = $createTextNode(draft);
        if (draft) paragraph.append(text);
        $getRoot().clear().append(paragraph);
        if (draft) text.select(caret, caret);
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
    state: PMState.create({ schema, plugins: [keymap(baseKeymap)] }),
  });
  editors.prosemirror = {
    root: view.dom,
    model: () => proseLines(view.state.doc),
    async start(draft, caret) {
      const doc = schema.node("doc", null, [schema.node("paragraph", null, draft ? [schema.text(draft)] : [])]);
      view.updateState(PMState.create({ doc, plugins: view.state.plugins }));
      view.focus();
      view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, 1 + caret)));
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
    async start(draft, caret) {
      tiptap.commands.setContent({ type: "doc", content: [{ type: "paragraph", content: draft ? [{ type: "text", text: draft }] : [] }] });
      tiptap.commands.focus(1 + caret);
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
    async start(draft, caret) {
      quill.setText(draft);
      quill.focus();
      quill.setSelection(caret, 0);
      await tick();
    },
  };
}

// --- Slate ---
{
  const slate = withReact(createSlate());
  const box = place("slate");
  const empty = [{ type: "paragraph", children: [{ text: "" }] }];
  createRoot(box).render(h(Slate, { editor: slate, initialValue: empty }, h(Editable)));
  editors.slate = {
    get root() {
      return box.querySelector("[data-slate-editor]");
    },
    model: () => linesOf(slate.children.map((node) => SlateNode.string(node))),
    async start(draft, caret) {
      SlateEditor.withoutNormalizing(slate, () => {
        while (slate.children.length > 0) Transforms.removeNodes(slate, { at: [0] });
        Transforms.insertNodes(slate, [{ type: "paragraph", children: [{ text: draft }] }], { at: [0] });
      });
      ReactEditor.focus(slate);
      Transforms.select(slate, { path: [0, 0], offset: caret });
      await tick();
    },
  };
}

function tick() {
  return new Promise((done) => setTimeout(done, 60));
}

/** Used by the tests of both browsers: prepare an editor, have it written into, give what its model holds then. */
window.tryEditor = async ({ name, draft, caret, text, blanks }) => {
  const editor = editors[name];
  await editor.start(draft, caret);
  document.activeElement?.blur();
  if (draft) await editor.start(draft, caret);
  else document.activeElement?.blur();
  document.querySelectorAll("[data-target]").forEach((element) => element.removeAttribute("data-target"));
  editor.root.setAttribute("data-target", "");
  const done = new Promise((resolve) => addEventListener("inserted", (event) => resolve(JSON.parse(event.detail)), { once: true }));
  dispatchEvent(new CustomEvent("insert", { detail: JSON.stringify({ text, blanks: blanks ?? [] }) }));
  const { ok, selected } = await done;
  await new Promise((resolve) => setTimeout(resolve, 150));
  return { ok, model: editor.model(), selected };
};

window.ready = true;
