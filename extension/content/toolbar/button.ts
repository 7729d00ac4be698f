/** Buttons of ours. */
import { make, say } from "./dom";
import { type IconName, icon } from "./icons";

/**
 * A button with an icon, words, or both; `short`: the words are its name only. A click on it never takes the focus out
 * of the person's text.
 */
export function button(
  words: string,
  run: (made: HTMLButtonElement) => void,
  look: { class?: string; icon?: IconName | undefined; short?: boolean } = {},
): HTMLButtonElement {
  const { short } = look;
  const made = make("button", {
    type: "button",
    class: look.class ?? "",
    title: short ? words : null,
    "aria-label": words,
  });
  made.addEventListener("mousedown", (event) => event.preventDefault());
  made.addEventListener("click", (event) => {
    event.preventDefault();
    if (made.ariaDisabled !== "true") run(made);
  });
  if (look.icon) made.append(icon(look.icon));
  if (!short) made.append(make("span", { text: words }));
  return made;
}

/** Other words on a button that `button` made with words. */
export function rename(made: HTMLElement, words: string): void {
  if (made.ariaLabel === words) return;
  made.ariaLabel = words;
  say(made.querySelector<HTMLElement>(":scope > span:last-child")!, words);
}

/** The arrow keys go from one to the next of `buttons`, round and round. True when the key was one of them. */
export function step(event: KeyboardEvent, buttons: HTMLElement[]): HTMLElement | null {
  const at = buttons.indexOf(event.target as HTMLElement);
  const back = buttons[0]?.closest(".leftwards") ? -1 : 1;
  const to: Record<string, number> = {
    ArrowRight: at + back,
    ArrowDown: at + 1,
    ArrowLeft: at - back,
    ArrowUp: at - 1,
    Home: 0,
    End: -1,
  };
  const n = to[event.key];
  const next = n === undefined ? undefined : buttons.at(n % buttons.length);
  if (!next) return null;
  event.preventDefault();
  next.focus();
  return next;
}
