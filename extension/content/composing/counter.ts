/** How much room a text has left on its network. Quiet until that is little; too much is said in words. */
import { type CountRules, count } from "../../shared/counting";
import { plural } from "../../shared/i18n";
import { make, say } from "../toolbar/dom";

/** From here on the number is lit up: a tenth of the whole, 20 at least. */
const nearOf = (limit: number) => Math.max(20, limit / 10);
/** Said aloud once somebody stops typing, and only when it became little, too much, or fine again. */
const SAID_AFTER = 1000; // ms

type Stage = "fine" | "near" | "over";

export class Counter {
  readonly node = make("span", { class: "count", hidden: true });
  readonly #number = make("span", { "aria-hidden": "true" });
  readonly #said = make("span", { class: "vh", role: "status" });
  /** That there is too much, in words; "" = there is not. */
  over = "";
  #stage: Stage = "fine";
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.node.append(this.#number, this.#said);
  }

  /** `left` as the site itself says it, where it does. */
  show(text: string, rules: CountRules | null, left: number | null): void {
    const counted = rules?.limit ? count(text, rules) : null;
    const room = left ?? counted?.left ?? null;
    this.node.hidden = room === null;
    this.over = "";
    if (room === null) return;
    const stage: Stage = room < 0 ? "over" : room <= nearOf(rules?.limit ?? 0) && text ? "near" : "fine";
    const words = plural(room < 0 ? "toolbar_compose_over" : "toolbar_compose_left", Math.abs(room));
    this.node.title = words;
    if (stage === "over") this.over = words;
    say(this.#number, stage === "over" ? words : String(room));
    this.node.className = `count ${stage}`;
    clearTimeout(this.#timer);
    if (stage === this.#stage) return;
    this.#timer = setTimeout(() => {
      this.#stage = stage;
      this.#said.replaceChildren(make("span", { text: words }));
    }, SAID_AFTER);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
