/** A short notice at the edge of the page, with something to copy where there is something. */
import { t } from "../shared/i18n";
import { make } from "./dom";
import { copyText } from "./inserter/clipboard";
import { type Host, makeHost, pageRoot } from "./toolbar/host";
import { icon } from "./toolbar/icons";
import { themeAt } from "./toolbar/theme";

const SHORT = 6_000; // ms
const LONG = 20_000; // ms, where there is something to do

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
    host ??= makeHost({ position: "fixed", inset: "auto 12px 16px auto", "z-index": "2147483647", contain: "style" });
    root.append(host.node);
    host.body.replaceChildren(make("div", { class: "notices", role: "status" }));
  }
  host.body.className = `en ${themeAt(document.body ?? document.documentElement)}`;
  return host.body.firstElementChild as HTMLElement;
}

export function showNotice({ text, copy, act }: Notice): void {
  const list = place();
  const close = make("button", { type: "button", class: "quiet", "aria-label": t("toolbar_close") }, icon("close"));
  const box = make(
    "div",
    { class: "notice" },
    make("span", { class: "words" }, text, copy ? make("b", { text: copy }) : null),
  );
  if (copy) {
    const button = make("button", { type: "button", class: "btn" }, icon("copy"), t("toolbar_copy"));
    button.addEventListener("click", async () => {
      if (await copyText(copy, box)) button.replaceChildren(icon("done"), t("toolbar_copied"));
    });
    box.append(button);
  }
  if (act) {
    const button = make("button", { type: "button", class: "btn", text: act.words });
    button.addEventListener("click", act.run);
    box.append(button);
  }
  const drop = () => {
    box.remove();
    if (!list.childElementCount) host?.node.remove();
  };
  close.addEventListener("click", drop);
  box.append(close);
  list.append(box);
  while (list.childElementCount > 3) list.firstElementChild!.remove();
  setTimeout(drop, copy || act ? LONG : SHORT);
}

export function removeNotices(): void {
  host?.node.remove();
}
