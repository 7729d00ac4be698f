/**
 * A page of the round: the person looks, scrolls and clicks; we read what they see when they press *Collect*, and only
 * then. Nothing is scrolled, clicked or read by itself.
 */
import { date, errorText, plural, t } from "../../shared/i18n";
import type { Collected, RoundView } from "../../shared/round";
import { SendError, send } from "../../shared/send";
import type { Site } from "../../sites/types";
import { focused } from "../focused";
import { editorOf } from "../inserter/detect";
import { onNavigate } from "../navigation";
import { checkOrphaned } from "../orphan";
import { attempt } from "../toolbar/attempt";
import { type Act, Bar, type Shown } from "./bar";
import { type InSight, MOST, postsInSight } from "./in_sight";
import { NewLine } from "./new_line";

/** What the first part hands over. */
export interface RoundGround {
  site: Site | null;
  signal: AbortSignal;
  /** Why posts cannot be told here; "" = they can. */
  whyNot(): "unknown" | "boxes" | "unchecked" | "stepped_back" | "";
  /** Let the person see what we read, once, before it counts. */
  check(then: () => void): void;
}

/** What was said of this page last, and the click it is about. */
interface Said {
  text: string;
  look: "" | "good" | "warn";
  undo?: () => void;
}

const QUIET: Said = { text: "", look: "" };
const KEYS = { collect: "Alt+C", next: "Alt+N" };
/** How often the bar looks whether the page took it away, and how long it waits before it asks again. */
const AGAIN = 1000; // ms
/** So often it is asked where the round stands, before the bar goes. */
const TRIES = 3;

export class OnRound {
  readonly #ground: RoundGround;
  readonly #end = new AbortController();
  #view: RoundView | null = null;
  #bar: Bar | null = null;
  #line: NewLine | null = null;
  #said: Said = QUIET;
  #busy = false;
  #collected = false;
  /** Of a click whose answer never came: sent again it is the same click. */
  #act = "";

  constructor(ground: RoundGround) {
    this.#ground = ground;
    const { signal } = this.#end;
    ground.signal.addEventListener("abort", () => this.#close());
    addEventListener("keydown", (event) => this.#key(event), { capture: true, signal });
    onNavigate(() => void this.#again(), signal);
    const timer = setInterval(() => document.visibilityState === "visible" && this.#bar?.restore(), AGAIN);
    signal.addEventListener("abort", () => clearInterval(timer));
  }

  /** What the background tells. Of an address that this page has left meanwhile it says nothing: then it is asked. */
  hear(view: RoundView | null): void {
    if (view && view.address !== location.href) {
      this.#view ??= view;
      void this.#again();
    } else this.#show(view);
  }

  /** Where the round stands; null: it does not run in this tab any more. */
  #show(view: RoundView | null): void {
    if (this.#ground.signal.aborted || checkOrphaned()) return;
    if (view?.page_id !== this.#view?.page_id) {
      this.#said = QUIET;
      this.#collected = false;
      this.#line?.clear();
    }
    this.#view = view;
    if (view) this.#draw();
    else this.#takeDown();
  }

  async #again(times = TRIES): Promise<void> {
    if (!this.#view || this.#ground.signal.aborted) return;
    this.#line?.clear();
    const address = location.href;
    // It went on meanwhile: that asks for itself.
    const gone = () => address !== location.href;
    try {
      const view = await send("round.view", { address });
      if (!gone()) this.#show(view);
    } catch (error) {
      // A background that was stopped in the middle begins anew with the next question.
      if (checkOrphaned(error) || gone()) return;
      if (times > 1) setTimeout(() => gone() || void this.#again(times - 1), AGAIN);
      else this.#show(null);
    }
  }

  // --- the bar ---

  #draw(): void {
    const view = this.#view;
    if (!view) return;
    this.#bar ??= new Bar((place) => void send("round.place", place).catch(checkOrphaned));
    this.#bar.show(this.#shown(view), view.place);
  }

  #shown(view: RoundView): Shown {
    const at = t("toolbar_round_at", { at: view.at, of: view.of });
    const said = this.#said.text || this.#hint(view);
    const look = this.#said.text ? this.#said.look : view.here ? "" : "warn";
    return { name: view.name, at, said, look, acts: this.#acts(view) };
  }

  /** What there is to know before anything is pressed. */
  #hint(view: RoundView): string {
    if (!view.here) return t("toolbar_round_elsewhere");
    const { site } = this.#ground;
    switch (this.#ground.whyNot()) {
      case "boxes":
        return t("toolbar_round_boxes", { site: site?.name ?? location.hostname });
      case "unknown":
        return t("toolbar_round_unknown", { host: location.hostname });
      case "stepped_back":
        return t("toolbar_round_stepped_back", { host: location.hostname });
      default:
        return view.visited && !this.#collected ? t("toolbar_round_visited") : "";
    }
  }

  /** While something is under way they stay where they are, the focus too. */
  #acts(view: RoundView): Act[] {
    return this.#actsOf(view).map((act) => ({ ...act, off: this.#busy && !act.last }));
  }

  #actsOf(view: RoundView): Act[] {
    const next: Act = {
      words: t(view.at < view.of ? "toolbar_round_next" : "toolbar_round_finish"),
      key: KEYS.next,
      run: () => void this.#next(),
    };
    const end: Act = { words: t("toolbar_round_end"), last: true, run: () => void this.#endRound() };
    const undo: Act[] = this.#said.undo ? [{ words: t("toolbar_undo"), run: this.#said.undo }] : [];
    if (!view.here) {
      const back: Act = { words: t("toolbar_round_back"), first: true, run: () => void this.#ask("round.back") };
      return [back, { words: t("toolbar_round_accept"), run: () => void this.#accept() }, next, end];
    }
    const why = this.#ground.whyNot();
    const readable = why === "" || why === "unchecked";
    const collect: Act = {
      words: t(this.#collected ? "toolbar_round_collect_more" : "toolbar_round_collect"),
      key: KEYS.collect,
      first: !view.visited,
      run: () => this.#collect(),
    };
    const seen: Act = { words: t("toolbar_round_seen"), first: !readable, run: () => void this.#seen() };
    return [
      ...undo,
      ...(readable ? [collect] : []),
      ...(view.visited ? [] : [seen]),
      { ...next, first: view.visited },
      end,
    ];
  }

  #say(said: Said): void {
    this.#said = said;
    this.#busy = false;
    this.#draw();
  }

  // --- what the person does ---

  /** Only a key that a person pressed: a page can make events, but not trusted ones. */
  #key(event: KeyboardEvent): void {
    const view = this.#view;
    if (!view || this.#busy || !event.isTrusted || event.repeat) return;
    if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    // Where one writes, Alt and a letter may be a letter.
    if (editorOf(focused())) return;
    const why = this.#ground.whyNot();
    if (event.code === "KeyN") void this.#next();
    else if (event.code === "KeyC" && view.here && (why === "" || why === "unchecked")) this.#collect();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  #collect(): void {
    const { site } = this.#ground;
    if (!site || this.#busy || checkOrphaned()) return;
    // Nobody saw yet that posts are read right here: that comes first.
    if (this.#ground.whyNot() === "unchecked") this.#ground.check(() => void this.#take(site));
    else void this.#take(site);
  }

  async #take(site: Site): Promise<void> {
    const posts = postsInSight(site);
    if (posts.length === 0) {
      this.#say({ text: t("toolbar_round_none"), look: "warn" });
      return;
    }
    this.#busy = true;
    this.#said = { text: plural("toolbar_round_taking", posts.length), look: "" };
    this.#draw();
    this.#act ||= drawName();
    const act = this.#act;
    try {
      const collected = await send("round.collect", { act, posts: posts.map(({ post }) => post) });
      this.#act = "";
      this.#took(posts, collected, act);
    } catch (error) {
      this.#failed(error, posts.length, act);
    }
  }

  #took(posts: InSight[], { took, created, known }: Collected, act: string): void {
    const view = this.#view;
    if (!view) return;
    this.#collected = true;
    this.#view = { ...view, visited: true };
    const fresh = took.map((one) => one.fresh);
    const news = fresh.filter(Boolean).length;
    const since = view.last_visited_at ? date(view.last_visited_at) : "";
    this.#line ??= new NewLine();
    this.#line.show(posts, fresh, since ? t("toolbar_round_known", { at: since }) : t("toolbar_round_known_here"));
    const counted = plural("toolbar_round_posts", created + known);
    const words = [t("toolbar_round_took", { posts: counted, new: plural("toolbar_round_new", created) })];
    if (news > created) words.push(plural("toolbar_round_since", news));
    if (posts.length === MOST) words.push(t("toolbar_round_most", { n: MOST }));
    this.#say({
      text: words.join(" "),
      look: "good",
      ...(created > 0 && { undo: () => void this.#undo(act, () => send("round.undo", { act })) }),
    });
  }

  #failed(error: unknown, count: number, act: string): void {
    if (checkOrphaned(error)) return;
    const { code, message, queued } =
      error instanceof SendError ? error : { code: "internal", message: String(error), queued: false };
    if (queued) {
      this.#act = "";
      this.#collected = true;
      if (this.#view) this.#view = { ...this.#view, visited: true };
      const undo = () => void this.#undo(act, () => send("round.undo", { act }));
      this.#say({ text: plural("toolbar_round_queued", count), look: "warn", undo });
    } else this.#say({ text: errorText(code, message), look: "warn" });
  }

  async #undo(act: string, run: () => Promise<{ removed?: number; kept?: number }>): Promise<void> {
    this.#busy = true;
    this.#draw();
    let words = t("toolbar_round_undone");
    try {
      const { removed = 0, kept = 0 } = await run();
      if (act) words = plural("toolbar_round_taken_back", removed);
      if (kept > 0) words += ` ${plural("toolbar_round_kept", kept)}`;
    } catch (error) {
      if (checkOrphaned(error)) return;
      if (!(error instanceof SendError && error.queued)) {
        this.#say({
          text: error instanceof SendError ? errorText(error.code, error.message) : String(error),
          look: "warn",
        });
        return;
      }
    }
    this.#line?.clear();
    await this.#lookAgain();
    this.#say({ text: words, look: "" });
  }

  /** What was taken back is this click's: an earlier one may stand. */
  async #lookAgain(): Promise<void> {
    try {
      const view = await send("round.view", { address: location.href });
      if (view.page_id !== this.#view?.page_id) return;
      this.#view = view;
      this.#collected &&= view.visited;
    } catch (error) {
      checkOrphaned(error); // the round ended: the page is told so
    }
  }

  async #seen(): Promise<void> {
    try {
      await send("round.seen", {});
    } catch (error) {
      if (checkOrphaned(error)) return;
      if (!(error instanceof SendError && error.queued)) {
        this.#say({
          text: error instanceof SendError ? errorText(error.code, error.message) : String(error),
          look: "warn",
        });
        return;
      }
    }
    if (this.#view) this.#view = { ...this.#view, visited: true };
    const undo = () =>
      void this.#undo("", async () => {
        await send("round.seen", { undo: true });
        return {};
      });
    this.#say({ text: t("toolbar_round_seen_said"), look: "good", undo });
  }

  async #next(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      const { ended, visited, of } = await send("round.next", {});
      this.#busy = false;
      if (ended) this.#over(t("toolbar_round_over", { visited, of }));
    } catch (error) {
      this.#busy = false;
      this.#gone(error);
    }
  }

  async #accept(): Promise<void> {
    try {
      this.#show(await send("round.accept", { address: location.href }));
    } catch (error) {
      this.#gone(error);
    }
  }

  async #endRound(): Promise<void> {
    await this.#ask("round.end");
    this.#show(null);
  }

  async #ask(request: "round.back" | "round.end"): Promise<void> {
    await attempt(() => send(request, {}));
  }

  /** The round ended in the meantime (another window), or cannot be asked. */
  #gone(error: unknown): void {
    if (checkOrphaned(error)) return;
    if (error instanceof SendError && error.code === "no_round") this.#show(null);
    else void attempt(() => Promise.reject(error));
  }

  /** After the last page: the words stay until the person closes them. */
  #over(text: string): void {
    const view = this.#view;
    if (!view) return;
    const close: Act = { words: t("toolbar_close"), first: true, run: () => this.#takeDown() };
    this.#bar?.show({ name: t("toolbar_round_done"), at: "", said: text, look: "good", acts: [close] }, view.place);
    this.#view = null;
  }

  #takeDown(): void {
    this.#bar?.end();
    this.#bar = null;
    this.#line?.end();
    this.#line = null;
    this.#view = null;
    this.#said = QUIET;
  }

  #close(): void {
    this.#takeDown();
    this.#end.abort();
  }
}

/** A name that nobody else draws; pages that are no secure context know no randomUUID. */
function drawName(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
