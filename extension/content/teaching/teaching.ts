/** What is read of a page: shown to the person, reported with everything masked, or taught by pointing. */
import type { Site } from "../../sites/types";
import { Check } from "./check";
import { Lesson } from "./lesson";
import { reportOf } from "./report";

/** What the first part hands over. */
export interface TeachingGround {
  site: Site | null;
  signal: AbortSignal;
  /** What posts lacked where the toolbar stepped back; "" = it did not. */
  missing(): string;
  /** Ask the background again what holds here. */
  refresh(): Promise<void>;
  /** Show the marks although nobody said yet that they fall on the right posts; off again. */
  tryOut(on: boolean): void;
}

export class Teaching {
  readonly #ground: TeachingGround;
  #check: Check | null = null;
  #lesson: Lesson | null = null;

  constructor(ground: TeachingGround) {
    this.#ground = ground;
    ground.signal.addEventListener("abort", () => this.#end());
  }

  /** Let the person see what we read; they say whether it is right. `then`: once they said so. */
  check(then: () => void = () => undefined): void {
    const { site } = this.#ground;
    if (!site || site.composer_only) return;
    this.#end();
    this.#check = new Check(site, this.#ground, then);
  }

  /** Let the person point. */
  teach(): void {
    this.#end();
    this.#lesson = new Lesson();
  }

  #end(): void {
    this.#check?.end();
    this.#lesson?.end();
  }

  /** For who mends the adapter. */
  report(): { text: string } {
    const { site, missing } = this.#ground;
    return { text: site ? reportOf(site, missing()) : "" };
  }
}
