/** The bar itself: whose account, Answer, Save, more. One drawing for the row, for unfolding and for measuring. */
import { t } from "../../shared/i18n";
import type { PageState } from "../../shared/messages";
import { make } from "../dom";
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

export function drawBar(view: View, acts: Acts, level: Level): HTMLElement {
  const { state, mention, saving } = view;
  const account = accountOf(state);
  const bar = make("div", {
    class: view.matched ? "bar matched" : "bar",
    role: "toolbar",
    "aria-label": account ? `${t("toolbar_name")}: ${account}` : t("toolbar_name"),
    title: level === "full" ? null : account,
  });
  bar.append(mark());
  const full = level === "full";
  if (!state.paired) {
    bar.append(
      make("span", { class: "says", text: t("toolbar_unpaired") }),
      button(t("toolbar_connect"), acts.connect),
    );
  } else {
    if (full && account) bar.append(make("span", { class: "as", text: account }));
    if (!state.reachable) bar.append(says("away", t("toolbar_away"), "warn", t("toolbar_away_long"), !full));
    const replied = mention?.status === "replied";
    if (replied) {
      const words = mention.replied_by ? t("toolbar_replied_by", { name: mention.replied_by }) : t("toolbar_replied");
      bar.append(says("done", words, "good", "", level === "icons"));
    }
    bar.append(button(t("toolbar_answer"), acts.answer, "answer", level === "icons", replied ? "" : "on"));
    const inInbox = mention !== null || saving === "saved";
    const [words, name]: [string, IconName] = inInbox
      ? [t("toolbar_saved"), "done"]
      : saving === "queued"
        ? [t("toolbar_queued"), "done"]
        : [saving === "saving" ? t("toolbar_saving") : t("toolbar_save"), "save"];
    const save = button(words, acts.save, name, level === "icons");
    if (inInbox) save.title = t("toolbar_in_inbox");
    if (inInbox || saving !== "no") save.setAttribute("aria-disabled", "true");
    bar.append(save);
  }
  const more = button(t("toolbar_more"), () => acts.more(more), "more", true);
  more.setAttribute("aria-haspopup", "menu");
  bar.append(more);
  rove(bar);
  return bar;
}

function says(name: IconName, words: string, tone: string, title: string, short: boolean): HTMLElement {
  const label = short ? make("span", { class: "vh", text: words }) : words;
  return make("span", { class: `says ${tone}`, title: title || (short ? words : null) }, icon(name), label);
}

function button(words: string, run: () => void, name?: IconName, short = false, more = ""): HTMLButtonElement {
  const made = make("button", {
    type: "button",
    class: `${short ? "square" : ""} ${more}`.trim(),
    title: short ? words : null,
    "aria-label": short ? words : null,
  });
  // The person's caret stays where it is: a click on us must not take the focus out of their text.
  made.addEventListener("mousedown", (event) => event.preventDefault());
  made.addEventListener("click", (event) => {
    event.preventDefault();
    if (made.getAttribute("aria-disabled") !== "true") run();
  });
  if (name) made.append(icon(name));
  if (!short) made.append(words);
  return made;
}

/** One tab stop for the whole bar; arrows go from button to button. */
export function rove(bar: HTMLElement): void {
  const buttons = [...bar.querySelectorAll("button")];
  for (const [n, each] of buttons.entries()) each.tabIndex = n === 0 ? 0 : -1;
  bar.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(event.target as HTMLButtonElement);
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const next =
      step !== undefined
        ? buttons[(at + step + buttons.length) % buttons.length]
        : event.key === "Home"
          ? buttons[0]
          : event.key === "End"
            ? buttons.at(-1)
            : undefined;
    if (!next) return;
    event.preventDefault();
    for (const each of buttons) each.tabIndex = each === next ? 0 : -1;
    next.focus();
  });
}
