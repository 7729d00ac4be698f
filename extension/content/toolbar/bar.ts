/** The bar itself: whose account, Answer, Save, more. One drawing for the row, for unfolding and for measuring. */
import { t } from "../../shared/i18n";
import type { PageState } from "../../shared/messages";
import { button, step } from "./button";
import { make } from "./dom";
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

/** "Café Lumière as @cafelumiere"; only the brand where the page does not say who is logged in. */
export function accountOf({ brand, handle, whose }: PageState): string {
  if (whose === "shared") return t("toolbar_as_shared", { account: handle });
  if (!brand) return "";
  const names = { brand: brand.name, handle, account: handle };
  return whose === "unread" ? brand.name : t(whose === "ours" ? "toolbar_as" : "toolbar_as_other", names);
}

/** Whose account it is; a warning where it is not the brand's, however little room there is. */
export function drawAccount(state: PageState, short: boolean): HTMLElement | null {
  const account = accountOf(state);
  if (!account) return null;
  if (state.whose === "other" || state.whose === "shared") return says(account, "account", "warn as", short);
  return short ? null : make("span", { class: "as", text: account });
}

/** A toolbar with our mark: one tab stop (none where it belongs to a mark that is one), arrows go from button to button. */
export function makeBar(
  state: PageState,
  parts: (Node | null | undefined | false | "")[],
  inside = false,
): HTMLElement {
  const account = accountOf(state);
  const bar = make("div", {
    class: "bar",
    role: "toolbar",
    "aria-label": account ? `${t("toolbar_name")}: ${account}` : t("toolbar_name"),
    title: account,
  });
  bar.append(mark(), ...parts.filter((part) => part instanceof Node));
  const buttons = [...bar.querySelectorAll("button")];
  const stop = (chosen: HTMLElement | null | undefined) => {
    for (const each of buttons) each.tabIndex = each === chosen && !inside ? 0 : -1;
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

/** `inside`: it unfolded from a resting mark, whose tab stop it shares. */
export function drawBar(view: View, acts: Acts, level: Level, inside = false): HTMLElement {
  const { state, mention, saving } = view;
  const short = level === "icons";
  const full = level === "full";
  const more = moreButton(acts.more);
  if (!state.paired) return makeBar(state, [...unpaired(acts.connect), more], inside);
  const replied = mention?.status === "replied";
  const by = mention?.replied_by ? t("toolbar_replied_by", { name: mention.replied_by }) : t("toolbar_replied");
  const look = (name: IconName, on = "") => ({ icon: name, short, class: short ? `square ${on}` : on });
  const answer = button(t("toolbar_answer"), acts.answer, look("answer", replied ? "" : "on"));
  const inInbox = mention !== null || saving === "saved";
  const word = inInbox ? "saved" : saving === "no" ? "save" : saving;
  const save = button(t(`toolbar_${word}`), acts.save, look(word === "saved" || word === "queued" ? "done" : "save"));
  if (inInbox) save.title = t("toolbar_in_inbox");
  if (word !== "save") save.ariaDisabled = "true";
  const parts = [
    drawAccount(state, !full),
    !state.reachable && away(!full),
    replied && says(by, "done", "good", short),
    !replied &&
      mention?.assigned_to &&
      says(t("toolbar_assigned", { name: mention.assigned_to }), "assigned", "", short),
    answer,
    save,
    more,
  ];
  const bar = makeBar(state, parts, inside);
  if (view.matched) bar.classList.add("matched");
  return bar;
}

function says(words: string, name?: IconName, tone = "", short = false, title = short ? words : ""): HTMLElement {
  const label = make("span", { class: short ? "vh" : "words", text: words });
  return make("span", { class: `says ${tone}`, title }, name ? icon(name) : null, label);
}
