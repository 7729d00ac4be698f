/** Whether posts hold one of the brand's keywords: asked each time a post is drawn, found out once. */
import type { State } from "../state";
import { fold, matches } from "./text";

/** So many texts are remembered. */
const MOST = 300;

export class Matching {
  readonly #state: State;
  readonly #known = new Map<string, boolean>();
  #keywords: State["now"]["keywords"] = [];

  constructor(state: State) {
    this.#state = state;
  }

  holdsKeyword(text: string): boolean {
    const { keywords } = this.#state.now;
    if (keywords.length === 0) return false;
    if (keywords !== this.#keywords || this.#known.size > MOST) this.#known.clear();
    this.#keywords = keywords;
    let holds = this.#known.get(text);
    if (holds === undefined) {
      holds = matches(fold(text), keywords);
      this.#known.set(text, holds);
    }
    return holds;
  }
}
