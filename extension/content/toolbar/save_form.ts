/** Saving with a note and tags: a small form at the post's toolbar. What was typed stays when it closes. */
import { t } from "../../shared/i18n";
import { button } from "./button";
import { make } from "./dom";

export interface Saved {
  note: string;
  tags: string[];
}

export interface SaveJob {
  /** What is saved, as an address: what was typed for it comes back. */
  url: string;
  brand_id: string;
  save(what: Saved): void;
  close(): void;
}

const drafts = new Map<string, { note: string; tags: string }>();

/** Tags between commas, each once. */
export const tagsIn = (text: string) => [...new Set(text.split(",").map((tag) => tag.trim()))].filter(Boolean);

export function drawSaveForm({ url, brand_id, save, close }: SaveJob): HTMLElement {
  const key = `${brand_id} ${url}`;
  const note = make("textarea", { rows: 3, placeholder: t("toolbar_note_hint"), "aria-label": t("toolbar_note") });
  const tags = make("input", {
    type: "text",
    class: "search",
    placeholder: t("toolbar_tags_hint"),
    "aria-label": t("toolbar_tags"),
    autocomplete: "off",
  });
  const before = drafts.get(key);
  note.value = before?.note ?? "";
  tags.value = before?.tags ?? "";
  const done = () => {
    drafts.delete(key);
    save({ note: note.value.trim(), tags: tagsIn(tags.value) });
  };
  const go = button(t("toolbar_save"), done, { class: "btn go" });
  go.append(make("kbd", { text: "Ctrl ↵", "aria-hidden": "true" }));
  const form = make(
    "div",
    { class: "panel", role: "dialog", "aria-label": t("toolbar_save_with") },
    make(
      "header",
      {},
      make("span", { class: "grow", text: t("toolbar_save_with") }),
      button(t("toolbar_close"), close, { class: "quiet", icon: "close", short: true }),
    ),
    make("div", { class: "write" }, note, tags, make("div", { class: "acts" }, go)),
  );
  form.addEventListener("input", () => drafts.set(key, { note: note.value, tags: tags.value }));
  form.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const sends = event.key === "Enter" && (event.ctrlKey || event.metaKey || event.target === tags);
    if (event.key !== "Escape" && !sends) return;
    event.preventDefault();
    if (sends) done();
    else close();
  });
  return form;
}
