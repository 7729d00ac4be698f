/**
 * *Pick a list*: the person clicks the same part of two items; the server makes selectors of it and reads the page by
 * them, and what it found is shown before anything is kept. The page hears nothing of the clicks.
 */
import { plural, t } from "../../shared/i18n";
import type { PickPreview, PickStep, Recipe } from "../../shared/picking";
import { SendError, send } from "../../shared/send";
import { Card } from "../teaching/card";
import { type Framed, Frames } from "../teaching/frames";
import { Pointer } from "../teaching/pointer";
import { attempt } from "../toolbar/attempt";
import { button } from "../toolbar/button";
import { showNotice } from "../toolbar/notice";
import { sayable, wayTo } from "./way";

/** Frames at once: a page may have thousands. */
const FRAMED = 60;

export class Picking {
  readonly #frames = new Frames();
  readonly #card = new Card(t("toolbar_pick_title"), () => this.end());
  #pointer: Pointer | null = null;
  #clicked: Element[] = [];
  #ended = false;

  constructor() {
    this.#begin();
  }

  #begin(): void {
    this.#clicked = [];
    this.#frames.show([]);
    this.#listen();
    this.#ask();
  }

  #listen(): void {
    this.#pointer?.end();
    this.#pointer = new Pointer({
      over: (element) => this.#show(sayable(element)),
      picked: (element) => void this.#pick(element),
      cancelled: () => this.end(),
    });
  }

  #ask(wrong = ""): void {
    const words = t(this.#clicked.length === 0 ? "toolbar_pick_first" : "toolbar_pick_second");
    const buttons = [button(t("toolbar_pick_keys"), () => this.#pointer?.useKeys(), { class: "btn" })];
    if (this.#clicked.length > 0) buttons.push(this.#again());
    this.#card.show(wrong ? `${wrong} ${words}` : words, [...buttons, this.#cancel()]);
  }

  #again = () => button(t("toolbar_pick_again"), () => this.#begin(), { class: "btn" });
  #cancel = () => button(t("toolbar_pick_cancel"), () => this.end(), { class: "btn" });

  #show(over: Element | null): void {
    const all: Framed[] = this.#clicked.map((element) => ({ element, words: "", look: "plain" }));
    if (over) all.push({ element: over, words: t("toolbar_pick_this"), look: "good" });
    this.#frames.show(all);
  }

  async #pick(clicked: Element): Promise<void> {
    const element = sayable(clicked);
    if (!element || wayTo(element).length === 0) return this.#ask(t("toolbar_pick_not_this"));
    if (this.#clicked[0] === element) return this.#ask(t("toolbar_pick_same"));
    this.#clicked.push(element);
    this.#show(null);
    if (this.#clicked.length < 2) return this.#ask();
    this.#pointer?.end();
    this.#pointer = null;
    this.#card.show(t("toolbar_pick_looking"), [this.#cancel()]);
    const ways = this.#clicked.map(wayTo) as [PickStep[], PickStep[]];
    try {
      const found = await send("pick.preview", { clicks: ways });
      if (!this.#ended) this.#review(found);
    } catch (error) {
      if (!this.#ended) this.#card.show(wordsOf(error), [this.#again(), this.#watch(), this.#cancel()]);
    }
  }

  /** What the server read by the selectors on its own copy of the page. */
  #review({ recipe, count, titles, reasons, title }: PickPreview): void {
    if (!recipe || count === 0) {
      const why = reasons.length > 0 ? reasons.map((one) => `${one}.`).join(" ") : "";
      this.#card.show(`${t("toolbar_pick_nothing")} ${why}`, [this.#again(), this.#watch(), this.#cancel()]);
      return;
    }
    this.#frames.show(alike(recipe).map((element) => ({ element, words: "", look: "good" })));
    const named = titles.map((title) => t("toolbar_pick_named", { title })).join(", ");
    const missing = reasons.length > 0 ? ` ${reasons.map((one) => `${one}.`).join(" ")}` : "";
    const keep = button(t("toolbar_pick_keep"), (made) => void this.#keep(made, recipe, title), {
      class: "btn go",
    });
    this.#card.show(`${plural("toolbar_pick_found", count)} ${named}${missing}`, [keep, this.#again(), this.#cancel()]);
    this.#card.focus();
  }

  async #keep(made: HTMLButtonElement, recipe: Recipe, title: string): Promise<void> {
    made.ariaDisabled = "true";
    await this.#add(() => send("pick.save", { recipe, title: title || document.title }), "toolbar_pick_kept");
    made.ariaDisabled = null;
  }

  /** Where no list can be read, the page itself can be. */
  #watch(): HTMLButtonElement {
    const add = () => send("pick.watch", { title: document.title });
    return button(t("toolbar_pick_watch"), () => void this.#add(add, "toolbar_pick_watched"), { class: "btn" });
  }

  async #add(add: () => Promise<{ id: string; name: string }>, said: string): Promise<void> {
    try {
      const { id, name } = await add();
      this.end();
      const undo = () =>
        void attempt(async () => {
          await send("pick.undo", { id });
          showNotice({ text: t("toolbar_pick_undone") });
        });
      showNotice({ text: t(said, { name }), act: { words: t("toolbar_undo"), run: undo } });
    } catch (error) {
      this.#card.show(wordsOf(error), [this.#again(), this.#cancel()]);
    }
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#pointer?.end();
    this.#frames.end();
    this.#card.end();
  }
}

/** The items as this page has them; the server's copy may differ. */
function alike({ item }: Recipe): Element[] {
  try {
    return [...document.querySelectorAll(item)].slice(0, FRAMED);
  } catch {
    return [];
  }
}

function wordsOf(error: unknown): string {
  return error instanceof SendError ? error.message : t("toolbar_pick_nothing");
}
