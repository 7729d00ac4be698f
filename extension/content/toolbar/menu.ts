/** What stands behind ⋯. */

import { button, step } from "./button";
import { make } from "./dom";
import type { IconName } from "./icons";

export interface Item {
  icon: IconName;
  words: string;
  run: () => void;
}

/** A menu of items, `null` for a line between; `note` is said below. Escape and Tab close it, with the keys back. */
export function drawMenu(
  label: string,
  items: (Item | null)[],
  note: string,
  close: (back: boolean) => void,
): HTMLElement {
  const menu = make("div", { role: "menu", "aria-label": label });
  for (const item of items) {
    if (!item) {
      menu.append(make("hr"));
      continue;
    }
    const run = () => {
      close(false);
      item.run();
    };
    const made = button(item.words, run, { icon: item.icon });
    made.role = "menuitem";
    made.tabIndex = -1;
    menu.append(made);
  }
  const buttons = [...menu.querySelectorAll("button")];
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      close(true);
    } else step(event, buttons);
  });
  return make("div", { class: "menu" }, menu, note ? make("p", { text: note }) : null);
}
