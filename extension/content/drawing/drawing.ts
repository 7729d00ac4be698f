/** All that is drawn on a page, and how it goes away again: marks on posts, the toolbar at text boxes, rounds, lessons. */
import { t } from "../../shared/i18n";
import type { Inquiry, PageStatus, Push, Remembered } from "../../shared/messages";
import type { RoundView } from "../../shared/round";
import type { Site } from "../../sites/types";
import type { Acting } from "../acting/acting";
import type { SiteGround } from "../acting/site_menu";
import { bring } from "../bring";
import { focused } from "../focused";
import { host } from "../frame";
import { editorOf } from "../inserter/detect";
import { Later } from "../later";
import { whyNoMarks } from "../marks";
import type { Observer } from "../observer";
import { checkOrphaned } from "../orphan";
import { PictureSwitch } from "../pictures/switch";
import type { OnRound } from "../round/on_round";
import type { State } from "../state";
import type { Teaching } from "../teaching/teaching";
import { sayWhyNot } from "../toolbar/attempt";
import { removeNotices, showNotice } from "../toolbar/notice";
import { isOurs } from "../toolbar/tag";
import { PostActs } from "./post_acts";
import { Posts } from "./posts";
import { replyButtonOf } from "./read";
import { fold } from "./text";

/** A page that does not say yet who is logged in is asked again when it grows: not more often, nor more times. */
const UNREAD = { every: 1000, times: 20 }; // ms

/** What the page hands over (page.ts). */
export interface PageGround {
  site: Site | null;
  state: State;
  observer: Observer;
  /** What the page before left to this one. */
  left: Remembered | null;
  signal: AbortSignal;
}

export class Drawing {
  readonly #page: PageGround;
  #posts: Posts | null = null;
  readonly #acting = new Later(
    async (): Promise<Acting> =>
      new (await bring("acting"))({
        ...this.#ground,
        acts: this.#acts,
        signal: this.#page.signal,
        note: () => this.#note(),
      }),
    sayWhyNot,
  );
  readonly #teaching = new Later(
    async (): Promise<Teaching> =>
      new (await bring("teaching"))({
        site: this.#page.site,
        signal: this.#page.signal,
        missing: () => this.#posts?.missing.of ?? "",
        refresh: () => this.#page.state.refresh(),
        tryOut: (on) => {
          this.#trying = on;
          this.show();
        },
      }),
    sayWhyNot,
  );
  readonly #round = new Later(
    async (): Promise<OnRound> =>
      new (await bring("round"))({
        site: this.#page.site,
        signal: this.#page.signal,
        whyNot: () => this.#whyNot() || (this.#posts?.missing.all ? "stepped_back" : ""),
        check: (then) => this.#teaching.use((part) => part.check(then)),
      }),
    sayWhyNot,
  );
  readonly #ground: SiteGround;
  readonly #acts: PostActs;
  readonly #pictures: PictureSwitch;
  /** A reply that was chosen on the page before this one. */
  #pending: Remembered["pending"];
  /** The person looks whether the marks fall on the right posts. */
  #trying = false;

  constructor(page: PageGround) {
    const { site, state, left, signal } = page;
    this.#page = page;
    this.#pending = left?.pending ?? null;
    this.#ground = {
      site,
      state,
      acting: this.#acting,
      teaching: this.#teaching,
      posts: () => this.#posts,
      trying: () => this.#trying,
    };
    this.#acts = new PostActs(this.#ground);
    this.#pictures = new PictureSwitch((image, edit) => this.#acts.shareImage(image, edit));
    const sent = left?.sent;
    if (sent) this.#acting.use((acting) => acting.resume(sent));
    document.addEventListener("click", (event) => this.#clicked(event), { capture: true, signal });
    document.addEventListener("focusin", (event) => this.#focused(event.composedPath()[0] ?? null), {
      capture: true,
      signal,
    });
  }

  /** Draw what belongs on the page now, or take all of it away. */
  show(): void {
    const { site, state, observer, signal } = this.#page;
    if (signal.aborted) return;
    this.#acts.forgetSaving();
    if (state.now.hidden) {
      this.#hide();
      return;
    }
    void this.#acting.coming?.then((acting) => acting.refresh());
    this.#focused(focused());
    if (this.#whyNot()) this.#leavePosts();
    else if (site && !this.#posts) {
      // What comparing texts needs is made before the first post is drawn, while nobody waits.
      if (state.now.keywords.length > 0) requestIdleCallback(() => void fold("#a"));
      this.#posts = new Posts(site, {
        owner: (known) => this.#acts.ownerOf(known),
        added: (known) => this.#acting.made?.seen(known),
        stepBack: (kind, missing) => this.#stepBack(kind, missing),
      });
      observer.start();
      const pending = this.#pending;
      this.#pending = null;
      if (pending) this.#acting.use((acting) => void acting.takePending(pending));
    }
    this.#posts?.refresh();
    const { pictures, paired } = state.now;
    this.#pictures.turn(pictures && paired);
  }

  /** `next`: another one takes over at once, and what was said stays said. */
  stop(next: boolean): void {
    this.#hide();
    if (!next) removeNotices();
  }

  askToReload(): void {
    showNotice({ text: t("error_reload"), act: { words: t("toolbar_reload"), run: () => location.reload() } });
  }

  #leavePosts(): void {
    this.#page.observer.stop();
    this.#posts?.stop();
    this.#posts = null;
  }

  #hide(): void {
    this.#leavePosts();
    this.#pictures.turn(false);
    void this.#acting.coming?.then((acting) => acting.close());
  }

  /** Look through what came onto the page. */
  look(added: Element[]): void {
    if (!this.#posts?.look(added)) return;
    this.#page.observer.found();
    this.#lookWho();
  }

  #unread = { at: 0, times: 0 };

  #lookWho(): void {
    const now = performance.now();
    const { at, times } = this.#unread;
    const { state } = this.#page;
    if (state.now.whose !== "unread" || times >= UNREAD.times || now - at < UNREAD.every) return;
    this.#unread = { at: now, times: times + 1 };
    void state.look();
  }

  /** Posts are no longer as the adapter says: no nonsense on them, only the toolbar beside text boxes. */
  #stepBack(kind: string, missing: string): void {
    console.info(`Entregent: ${this.#page.site?.id}: no ${missing} on any ${kind} of this page; they get no toolbar.`);
  }

  #whyNot() {
    return whyNoMarks(this.#page.site, this.#page.state, this.#trying);
  }

  /** Why posts have no toolbar here, in words, for the menu at the boxes. */
  #note(): string {
    if (this.#posts?.missing.all) return t("toolbar_stepped_back", { host });
    return this.#whyNot() === "unchecked" ? t("toolbar_unchecked", { host }) : "";
  }

  // --- what the person does ---

  #clicked(event: Event): void {
    const at = event.target instanceof Element ? event.target : null;
    const known = at && this.#posts?.around(at);
    if (known && replyButtonOf(known.element, known.variant)?.contains(at))
      this.#acting.use((acting) => acting.pressed(known));
  }

  #focused(target: EventTarget | null): void {
    if (this.#page.state.now.hidden || !(target instanceof Element) || !editorOf(target)) return;
    const root = target.getRootNode();
    if (root instanceof ShadowRoot && isOurs(root.host)) return;
    this.#acting.use((acting) => acting.compose());
  }

  // --- what the background says and asks ---

  heard(push: Push): void {
    if (push.push === "notice") showNotice({ text: push.text, copy: push.copy });
    else if (push.push === "page.show")
      this.#teaching.use((part) => (push.what === "check" ? part.check() : part.teach()));
    else if (push.push === "round") this.#onRound(push.view);
    else if (push.push === "toolbar.focus") this.#acting.use((acting) => acting.answerHere());
    else if (push.push === "toolbar.answer") this.#answerAt(push.url);
  }

  /** This tab is on a round, or no longer: with the part for that. */
  #onRound(view: RoundView | null): void {
    if (checkOrphaned() || (!view && !this.#round.coming)) return;
    this.#round.get().then((round) => round.hear(view), checkOrphaned);
  }

  #answerAt(url: string): void {
    // Nobody saw yet that posts are read right here: that comes first, then the answer.
    if (this.#whyNot() === "unchecked") this.#teaching.use((part) => part.check(() => this.#answerAt(url)));
    else this.#acting.use((acting) => acting.answerAt(url));
  }

  async tell(inquiry: Inquiry): Promise<unknown> {
    if (inquiry === "shorten") return editorOf(focused()) !== null && (await this.#acting.get()).shortenAll();
    if (inquiry === "report") return (await this.#teaching.get()).report();
    const { site } = this.#page;
    const missing = this.#posts?.missing ?? { of: "", all: false };
    const status: PageStatus = {
      site: site?.name ?? "",
      tier: site?.tier ?? "",
      on: this.#whyNot() || (missing.all ? "stepped_back" : "posts"),
      missing: missing.of,
    };
    return status;
  }
}
