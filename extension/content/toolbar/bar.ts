/** The bar itself: whose account, Answer, Save, more. One drawing for the row, for unfolding and for measuring. */
import { t } from "../../shared/i18n";
import type { PageState } from "../../shared/messages";
import { make } from "../dom";
import { button, step } from "./button";
import { type IconName, icon, mark } from "./icons";

export type Saving = "no" | "saving" | "saved" | "queued";
/** How much of it is shown, by the room there is. */
export type Level = "full" | "words" | "icons";

export interface View {
  state: PageState;
  mention: PageState["mentions"][string] | null;
  /** In the inbox, or holds a keyword: stays unfolded. */
  matched: boolean;
  saving: Saving;
  /** Of the state: what was drawn for an older one is drawn again. */
  version: number;
}

export interface Acts {
  answer(): void;
  save(): void;
  more(button: HTMLElement): void;
  connect(): void;
}

/** "Café Lumière as @cafelumiere" */
export function accountOf({ brand, handle }: PageState): string {
  if (!brand) return "";
  return handle ? t("toolbar_as", { brand: brand.name, handle }) : brand.name;
}

/** A toolbar with our mark: one tab stop, arrows go from button to button. */
export function makeBar(state: PageState, parts: (Node | null | false)[]): HTMLElement {
  const account = accountOf(state);
  const bar = make("div", {
    class: "bar",
    role: "toolbar",
    "aria-label": account ? `${t("toolbar_name")}: ${account}` : t("toolbar_name"),
    title: account,
  });
  bar.append(mark(), ...parts.filter((part) => part !== null && part !== false));
  const buttons = [...bar.querySelectorAll("button")];
  const stop = (chosen: HTMLElement | null | undefined) => {
    for (const each of buttons) each.tabIndex = each === chosen ? 0 : -1;
  };
  stop(buttons[0]);
  bar.addEventListener("keydown", (event) => {
    const next = step(event, buttons);
    if (next) stop(next);
  });
  return bar;
}

/** What stands in every bar of a browser that is not connected yet. */
export const unpaired = (connect: () => void) => [says(t("toolbar_unpaired")), button(t("toolbar_connect"), connect)];

export const away = (short: boolean) => says(t("toolbar_away"), "away", "warn", short, t("toolbar_away_long"));

export function moreButton(run: (button: HTMLElement) => void): HTMLButtonElement {
  const more = button(t("toolbar_more"), run, { icon: "more", short: true, class: "square" });
  more.setAttribute("aria-haspopup", "menu");
  return more;
}

export function drawBar(view: View, acts: Acts, level: Level): HTMLElement {
  const { state, mention, saving } = view;
  const short = level === "icons";
  const full = level === "full";
  const more = moreButton(acts.more);
  if (!state.paired) return makeBar(state, [...unpaired(acts.connect), more]);
  const replied = mention?.status === "replied";
  const by = mention?.replied_by ? t("toolbar_replied_by", { name: mention.replied_by }) : t("toolbar_replied");
  const look = (name: IconName, on = "") => ({ icon: name, short, class: short ? `square ${on}` : on });
  const answer = button(t("toolbar_answer"), acts.answer, look("answer", replied ? "" : "on"));
  const inInbox = mention !== null || saving === "saved";
  const word = inInbox ? "saved" : saving === "no" ? "save" : saving;
  const save = button(t(`toolbar_${word}`), acts.save, look(word === "saved" || word === "queued" ? "done" : "save"));
  if (inInbox) save.title = t("toolbar_in_inbox");
  if (word !== "save") save.ariaDisabled = "true";
  const account = accountOf(state);
  const bar = makeBar(state, [
    full && account ? make("span", { class: "as", text: account }) : null,
    !state.reachable && away(!full),
    replied && says(by, "done", "good", short),
    answer,
    save,
    more,
  ]);
  if (view.matched) bar.classList.add("matched");
  return bar;
}

function says(words: string, name?: IconName, tone = "", short = false, title = short ? words : ""): HTMLElement {
  const label = short ? make("span", { class: "vh", text: words }) : words;
  return make("span", { class: `says ${tone}`, title }, name ? icon(name) : null, label);
}
