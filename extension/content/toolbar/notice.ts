/** A short notice at the edge of the page, with something to copy where there is something. */
import { t } from "../../shared/i18n";
import { copyText } from "../inserter/clipboard";
import { button } from "./button";
import { make } from "./dom";
import { type Host, makeHost, pageRoot } from "./host";
import { icon } from "./icons";
import { themeAt } from "./theme";

const SHORT = 6_000; // ms
const LONG = 20_000; // ms, where there is something to do
const AGAIN = 2_000; // ms, while it is in use

export interface Notice {
  text: string;
  /** A text to copy, shown below. */
  copy?: string;
  /** One more button. */
  act?: { words: string; run: () => void };
}

let host: Host | null = null;

function place(): HTMLElement {
  const root = pageRoot();
  if (!host?.node.isConnected || host.node.parentElement !== root) {
    host ??= makeHost("over");
    root.append(host.node);
    host.body.replaceChildren(make("div", { class: "notices", role: "status" }));
  }
  host.body.className = `en ${themeAt(document.body ?? document.documentElement)}`;
  return host.body.firstElementChild as HTMLElement;
}

export function showNotice({ text, copy, act }: Notice): void {
  const list = place();
  const box = make(
    "div",
    { class: "notice" },
    make("span", { class: "words" }, text, copy ? make("b", { text: copy }) : null),
  );
  if (copy) {
    const taken = async (made: HTMLElement) => {
      if (await copyText(copy, box)) {
        made.ariaLabel = t("toolbar_copied");
        made.replaceChildren(icon("done"), make("span", { text: t("toolbar_copied") }));
      }
    };
    box.append(button(t("toolbar_copy"), (made) => void taken(made), { class: "btn", icon: "copy" }));
  }
  if (act) box.append(button(act.words, act.run, { class: "btn" }));
  const drop = () => {
    box.remove();
    if (!list.childElementCount) host?.node.remove();
  };
  box.append(button(t("toolbar_close"), drop, { class: "quiet", icon: "close", short: true }));
  list.append(box);
  while (list.childElementCount > 3) list.firstElementChild!.remove();
  // Whoever points at it, or has come to it by keys, is about to use it.
  const lapse = () => void (box.matches(":hover, :focus-within") ? setTimeout(lapse, AGAIN) : drop());
  setTimeout(lapse, copy || act ? LONG : SHORT);
}

export function removeNotices(): void {
  host?.node.remove();
}
