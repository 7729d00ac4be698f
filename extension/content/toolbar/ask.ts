/** A small question over the page that takes the keys: Enter is its first answer, Escape none. One at a time. */
import { t } from "../../shared/i18n";
import { button, step } from "./button";
import { make } from "./dom";
import { beside, Float, type Place, windowSize } from "./float";
import { makeHost, pageRoot } from "./host";
import { themeAt } from "./theme";

export interface Question {
  title: string;
  text: string;
  /** The first is what Enter says. */
  answers: { words: string; value: string }[];
}

/** A key that was still held, or pressed twice, is no answer to what nobody can have read yet. */
const UNREAD = 250; // ms

let giveUp: (() => void) | null = null;
let questions = 0;

/** What the person answered; "" = they would rather not. Stands beside `near`, which is never covered by choice. */
export function askPerson({ title, text, answers }: Question, near: Element): Promise<string> {
  giveUp?.();
  return new Promise((resolve) => {
    const host = makeHost("over");
    const float = new Float();
    const id = `en-ask-${++questions}`;
    const opened = performance.now();
    const answer = (value: string) => {
      giveUp = null;
      float.close();
      host.node.remove();
      resolve(value);
    };
    giveUp = () => answer("");
    const read = (value: string) => () => performance.now() - opened > UNREAD && answer(value);
    const buttons = answers.map(({ words, value }, n) =>
      button(words, read(value), { class: n === 0 ? "btn go" : "btn" }),
    );
    buttons.push(button(t("toolbar_cancel"), () => answer(""), { class: "btn" }));
    const box = make(
      "div",
      {
        class: "ask",
        role: "alertdialog",
        "aria-modal": "true",
        "aria-labelledby": id,
        "aria-describedby": `${id}-why`,
      },
      make("h2", { id, text: title, "aria-label": title }),
      make("p", { id: `${id}-why`, text }),
      make("div", { class: "acts" }, ...buttons),
    );
    box.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        event.preventDefault();
        answer("");
      } else if (event.key === "Tab") {
        event.preventDefault();
        const at = buttons.indexOf(event.target as HTMLButtonElement) + (event.shiftKey ? -1 : 1);
        buttons.at(at % buttons.length)?.focus();
      } else if (event.repeat) event.preventDefault();
      else step(event, buttons);
    });
    host.body.className = `en ${themeAt(near)}`;
    pageRoot(near).append(host.node);
    float.open(host.body, box, placeBy(near));
    buttons[0]!.focus({ preventScroll: true });
  });
}

/** Our things go: so does the question, unanswered. */
export function dropQuestion(): void {
  giveUp?.();
}

/** Beside what it is about; at the foot of the window where that is gone or has no size. */
function placeBy(near: Element): Place {
  return (size) => {
    const anchor = near.getBoundingClientRect();
    if (anchor.width > 0 && anchor.height > 0) return beside(() => anchor, "left")(size);
    const view = windowSize();
    return { x: (view.width - size.width) / 2, y: view.height - size.height - 16 };
  };
}
