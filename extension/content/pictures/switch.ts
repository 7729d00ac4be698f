/** The button at pictures, where the person switched it on: its part of our script comes then. */
import { bring } from "../bring";
import { checkOrphaned } from "../orphan";

export class PictureSwitch {
  readonly #share: (image: HTMLImageElement, edit: boolean) => void;
  #on: AbortController | null = null;

  constructor(share: (image: HTMLImageElement, edit: boolean) => void) {
    this.#share = share;
  }

  turn(on: boolean): void {
    if (on === (this.#on !== null)) return;
    this.#on?.abort();
    this.#on = on ? new AbortController() : null;
    if (!this.#on) return;
    const { signal } = this.#on;
    bring("pictures").then((Made) => {
      if (!signal.aborted) new Made({ share: this.#share }, signal);
    }, checkOrphaned);
  }
}
