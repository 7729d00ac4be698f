/** The card at the foot of the window that says what is asked and has the buttons: never over what one points at. */

import { step } from "../toolbar/button";
import { make, say } from "../toolbar/dom";
import { Float, windowSize } from "../toolbar/float";
import { makeHost, pageRoot } from "../toolbar/host";
import { themeAt } from "../toolbar/theme";

let cards = 0;

export class Card {
  readonly #host = makeHost("over");
  readonly #float = new Float();
  readonly #title: HTMLElement;
  readonly #text = make("p", { role: "status" });
  readonly #buttons = make("div", { class: "acts" });
  readonly #box: HTMLElement;

  /** `cancel`: Escape, in the card. */
  constructor(title: string, cancel: () => void) {
    const id = `en-card-${++cards}`;
    this.#title = make("h2", { id, text: title, "aria-label": title });
    this.#box = make(
      "div",
      { class: "ask card", role: "dialog", "aria-labelledby": id },
      this.#title,
      this.#text,
      this.#buttons,
    );
    this.#box.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        event.preventDefault();
        cancel();
      } else step(event, [...this.#buttons.querySelectorAll("button")]);
    });
  }

  get isOpen(): boolean {
    return this.#float.isOpen;
  }

  /** The focus stays on the button that it is on, where there is one of the same words. */
  show(text: string, buttons: HTMLButtonElement[], title = ""): void {
    const had = this.#buttons.querySelector(":focus")?.ariaLabel;
    if (title) {
      say(this.#title, title);
      this.#title.ariaLabel = title;
    }
    say(this.#text, text);
    this.#buttons.replaceChildren(...buttons);
    if (!this.#float.isOpen) {
      this.#host.body.className = `en ${themeAt(document.body ?? document.documentElement)}`;
      pageRoot().append(this.#host.node);
      this.#float.open(this.#host.body, this.#box, (size) => {
        const view = windowSize();
        return { x: (view.width - size.width) / 2, y: view.height - size.height - 16 };
      });
      buttons[0]?.focus({ preventScroll: true });
    } else if (had !== undefined) (buttons.find(({ ariaLabel }) => ariaLabel === had) ?? buttons[0])?.focus();
    this.#float.move();
  }

  /** The keys belong to the card: its first button. */
  focus(): void {
    this.#buttons.querySelector("button")?.focus({ preventScroll: true });
  }

  end(): void {
    this.#float.close();
    this.#host.node.remove();
  }
}
