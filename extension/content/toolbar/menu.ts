/** What stands behind ⋯. */
import { make } from "../dom";
import { type IconName, icon } from "./icons";

export interface Item {
  icon: IconName;
  words: string;
  run: () => void;
}

/** A menu of items, `null` for a line between; `note` is said below. Escape and Tab close it. */
export function drawMenu(
  label: string,
  items: (Item | null)[],
  note: string,
  close: (back: boolean) => void,
): HTMLElement {
  const menu = make("div", { class: "menu", role: "menu", "aria-label": label });
  for (const item of items) {
    if (!item) {
      menu.append(make("hr"));
      continue;
    }
    const button = make("button", { type: "button", role: "menuitem", tabindex: -1 }, icon(item.icon), item.words);
    button.addEventListener("click", () => {
      close(false);
      item.run();
    });
    menu.append(button);
  }
  const buttons = [...menu.querySelectorAll("button")];
  menu.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(event.target as HTMLButtonElement);
    const to = (n: number) => {
      event.preventDefault();
      buttons[(n + buttons.length) % buttons.length]?.focus();
    };
    if (event.key === "ArrowDown") to(at + 1);
    else if (event.key === "ArrowUp") to(at - 1);
    else if (event.key === "Home") to(0);
    else if (event.key === "End") to(-1);
    else if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      close(true);
    }
  });
  if (!note) return menu;
  const box = make("div", { class: "menu", role: "presentation" }, make("p", { text: note }));
  menu.className = "";
  box.prepend(menu);
  return box;
}
