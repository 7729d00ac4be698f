/** What is read of a page: shown to the person, reported with everything masked, or taught by pointing. */
import type { Site } from "../../sites/types";
import { Check } from "./check";
import { reportOf } from "./report";

/** What the first part hands over. */
export interface TeachingGround {
  site: Site | null;
  signal: AbortSignal;
  /** What posts lacked where the toolbar stepped back; "" = it did not. */
  missing(): string;
  /** Show the marks although nobody said yet that they fall on the right posts; off again. */
  tryOut(on: boolean): void;
}

export class Teaching {
  readonly #ground: TeachingGround;
  #check: Check | null = null;

  constructor(ground: TeachingGround) {
    this.#ground = ground;
    ground.signal.addEventListener("abort", () => this.#check?.end());
  }

  /** Let the person see what we read; they say whether it is right. */
  check(): void {
    const { site } = this.#ground;
    if (!site || site.composer_only) return;
    this.#check?.end();
    this.#check = new Check(site, this.#ground);
  }

  teach(): void {
    // nothing yet
  }

  /** For who mends the adapter. */
  report(): { text: string } {
    const { site, missing } = this.#ground;
    return { text: site ? reportOf(site, missing()) : "" };
  }
}
