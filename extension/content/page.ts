/** One page with our toolbar on it: everything that runs here, and how all of it goes away again. */
import { t } from "../shared/i18n";
import type { Inquiry, PageStatus, Push, Remembered } from "../shared/messages";
import type { RoundView } from "../shared/round";
import { onInquiry, onPush, send } from "../shared/send";
import type { Site } from "../sites/types";
import type { Acting, Ground } from "./acting";
import { attempt } from "./attempt";
import { bring } from "./bring";
import { focused } from "./dom";
import { host, isMeant } from "./frame";
import { editorOf } from "./inserter/detect";
import { Later } from "./later";
import { recall } from "./memory";
import { isAboutAccounts, onNavigate } from "./navigation";
import { removeNotices, showNotice } from "./notice";
import { Observer } from "./observer";
import { checkOrphaned, onOrphaned } from "./orphan";
import { PictureSwitch } from "./pictures/switch";
import { PostActs } from "./post_acts";
import { Posts } from "./posts";
import { readAccount, replyButtonOf } from "./read";
import type { OnRound } from "./round/on_round";
import { whenSeen } from "./seen";
import { type SiteGround, siteMenu } from "./site_menu";
import { State } from "./state";
import type { Teaching } from "./teaching/teaching";
import { fold } from "./text";
import { hasHosts } from "./toolbar/host";
import { Watch } from "./watch";

const SUCCESSOR = 3_000; // ms
/** A page that does not say yet who is logged in is asked again when it grows: not more often, nor more times. */
const UNREAD = { every: 1000, times: 20 }; // ms

export class Page {
  readonly #end = new AbortController();
  readonly #site: Site | null;
  readonly #state: State;
  readonly #observer = new Observer();
  readonly #watch: Watch | null;
  #posts: Posts | null = null;
  readonly #acting = new Later(
    async (): Promise<Acting> =>
      new (await bring("acting"))({
        ...this.#ground,
        acts: this.#acts,
        watch: this.#watch,
        signal: this.#end.signal,
        note: () => this.#note(),
      }),
  );
  readonly #teaching = new Later(
    async (): Promise<Teaching> =>
      new (await bring("teaching"))({
        site: this.#site,
        signal: this.#end.signal,
        missing: () => this.#posts?.missing.of ?? "",
        refresh: () => this.#state.refresh(),
        tryOut: (on) => {
          this.#trying = on;
          this.#show();
        },
      }),
  );
  readonly #round = new Later(
    async (): Promise<OnRound> =>
      new (await bring("round"))({
        site: this.#site,
        signal: this.#end.signal,
        whyNot: () => this.#whyNot() || (this.#posts?.missing.all ? "stepped_back" : ""),
        check: (then) => this.#teaching.use((part) => part.check(then)),
      }),
  );
  readonly #ground: SiteGround & Pick<Ground, "menu">;
  readonly #acts: PostActs;
  readonly #pictures: PictureSwitch;
  /** A reply that was chosen on the page before this one. */
  #pending: Remembered["pending"] = null;
  /** The person looks whether the marks fall on the right posts. */
  #trying = false;

  constructor(site: Site | null) {
    const { signal } = this.#end;
    this.#site = site;
    this.#state = new State(site?.id ?? host, () => (site ? readAccount(site).handle : ""));
    this.#watch = this.#site
      ? new Watch(
          this.#site,
          {
            handle: () => this.#state.now.handle,
            replied: (url) => this.#becameReplied(url),
            typed: () => this.#acting.made?.typed() ?? null,
            keys: () => this.#posts?.all().map(({ key }) => key) ?? [],
          },
          signal,
        )
      : null;
    this.#ground = {
      site,
      state: this.#state,
      acting: this.#acting,
      teaching: this.#teaching,
      posts: () => this.#posts,
      menu: () => siteMenu(this.#ground, this.#trying),
    };
    this.#acts = new PostActs(this.#ground);
    this.#pictures = new PictureSwitch((image, edit) => this.#acts.shareImage(image, edit));
    onOrphaned(() => this.#orphaned());
    signal.addEventListener(
      "abort",
      onPush((push) => this.#heard(push)),
    );
    signal.addEventListener(
      "abort",
      onInquiry((inquiry) => this.#tell(inquiry)),
    );
    this.#state.onChange(() => {
      this.#acts.forgetSaving();
      this.#show();
    });
    onNavigate((before) => {
      if (isAboutAccounts(before) || isAboutAccounts(location.href)) this.#askAgain();
      whenSeen(this.#navigated);
    }, signal);
    document.addEventListener("click", (event) => this.#clicked(event), { capture: true, signal });
    document.addEventListener("focusin", (event) => this.#focused(event.composedPath()[0] ?? null), {
      capture: true,
      signal,
    });
    const scrolled = () => {
      if (checkOrphaned()) return;
      this.#observer.hurry();
      this.#look([]);
    };
    document.addEventListener("scrollend", scrolled, { capture: true, passive: true, signal });
    addEventListener("focus", () => this.#observer.hurry(), { signal });
    this.#observer.onAdded((added) => !checkOrphaned() && this.#look(added));
  }

  /** `kept`: the page before left something to this one. */
  async start(kept: boolean): Promise<void> {
    // First: with the state everything is drawn, and the first posts are met.
    const left = kept && this.#site ? await recall() : null;
    if (left?.sent) this.#watch?.resume(left.sent);
    this.#pending = left?.pending ?? null;
    if (isAboutAccounts(document.referrer)) this.#askAgain();
    await this.#state.refresh();
    this.#show();
  }

  /** Where the page does not say who is logged in, what was said of it before holds no longer. */
  #askAgain(): void {
    const page = this.#state.page();
    if (!page.account) void attempt(() => send("client.settle", { ...page, brand_id: "" }));
  }

  /** `next`: another one takes over at once, and what was said stays said. */
  stop(next = false): void {
    this.#end.abort();
    this.#hide();
    if (!next) removeNotices();
  }

  /** Draw what belongs on the page now, or take all of it away. */
  #show(): void {
    if (this.#end.signal.aborted) return;
    if (this.#state.now.hidden) {
      this.#hide();
      return;
    }
    void this.#acting.coming?.then((acting) => acting.refresh());
    this.#focused(focused());
    if (this.#posts && this.#whyNot()) this.#leavePosts();
    if (this.#site && !this.#posts && !this.#whyNot()) {
      // What comparing texts needs is made before the first post is drawn, while nobody waits.
      requestIdleCallback(() => void fold("#a"));
      this.#posts = new Posts(this.#site, {
        owner: (known) => this.#acts.ownerOf(known),
        added: (known) => void this.#watch?.seen(known, () => this.#posts?.fresh(known) ?? known.post),
        stepBack: (kind, missing) => this.#stepBack(kind, missing),
      });
      this.#observer.start();
      const pending = this.#pending;
      this.#pending = null;
      if (pending) this.#acting.use((acting) => void acting.takePending(pending));
    }
    this.#posts?.refresh();
    const { pictures, paired, hidden } = this.#state.now;
    this.#pictures.turn(pictures && paired && !hidden);
  }

  #leavePosts(): void {
    this.#observer.stop();
    this.#posts?.stop();
    this.#posts = null;
  }

  #hide(): void {
    this.#leavePosts();
    this.#pictures.turn(false);
    void this.#acting.coming?.then((acting) => acting.close());
  }

  #look(added: Element[]): void {
    if (!this.#posts?.look(added)) return;
    this.#observer.found();
    this.#lookWho();
  }

  #unread = { at: 0, times: 0 };

  #lookWho(): void {
    const now = performance.now();
    const { at, times } = this.#unread;
    if (this.#state.now.whose !== "unread" || times >= UNREAD.times || now - at < UNREAD.every) return;
    this.#unread = { at: now, times: times + 1 };
    void this.#state.look();
  }

  /** Posts are no longer as the adapter says: no nonsense on them, only the toolbar beside text boxes. */
  #stepBack(kind: string, missing: string): void {
    console.info(`Entregent: ${this.#site?.id}: no ${missing} on any ${kind} of this page; they get no toolbar.`);
  }

  /** Why posts have no toolbar here; "" = they have. */
  #whyNot(): "unknown" | "boxes" | "unchecked" | "" {
    if (!this.#site) return "unknown";
    if (this.#site.composer_only) return "boxes";
    return this.#site.tier === "unchecked" && !this.#state.now.confirmed && !this.#trying ? "unchecked" : "";
  }

  /** The same in words, for the menu at the boxes. */
  #note(): string {
    if (this.#posts?.missing.all) return t("toolbar_stepped_back", { host });
    return this.#whyNot() === "unchecked" ? t("toolbar_unchecked", { host }) : "";
  }

  #orphaned(): void {
    this.stop();
    // After an update the new script comes by itself, where it is given time to: then there is nothing to say.
    setTimeout(() => !hasHosts() && this.#askToReload(), SUCCESSOR);
  }

  #askToReload(): void {
    showNotice({ text: t("error_reload"), act: { words: t("toolbar_reload"), run: () => location.reload() } });
  }

  #becameReplied(url: string): void {
    const known = this.#state.mentionAt(url);
    this.#state.note(url, { id: "", intent: null, ...known, status: "replied", replied_by: "" });
  }

  /** This tab is on a round, or no longer: with the part for that. */
  #onRound(view: RoundView | null): void {
    if (checkOrphaned() || (!view && !this.#round.coming)) return;
    this.#round.get().then((round) => round.hear(view), checkOrphaned);
  }

  async #tell(inquiry: Inquiry): Promise<unknown> {
    if (inquiry === "shorten") return editorOf(focused()) !== null && (await this.#acting.get()).shortenAll();
    if (inquiry === "report") return (await this.#teaching.get()).report();
    const missing = this.#posts?.missing ?? { of: "", all: false };
    const status: PageStatus = {
      site: this.#site?.name ?? "",
      tier: this.#site?.tier ?? "",
      on: this.#whyNot() || (missing.all ? "stepped_back" : "posts"),
      missing: missing.of,
    };
    return status;
  }

  // --- what the person does ---

  #clicked(event: Event): void {
    const at = event.target instanceof Element ? event.target : null;
    const known = at && this.#posts?.around(at);
    if (known && replyButtonOf(known.element, known.variant)?.contains(at))
      this.#acting.use((acting) => acting.pressed(known));
  }

  /** A text box has the focus: its toolbar listens for itself from now on. */
  #focused(target: EventTarget | null): void {
    if (this.#acting.coming || this.#state.now.hidden || !(target instanceof Element) || !editorOf(target)) return;
    this.#acting.use((acting) => acting.refresh());
  }

  // --- what the background says ---

  readonly #navigated = () => {
    if (this.#end.signal.aborted) return;
    void this.#state.look();
    this.#observer.hurry();
    this.#look([document.documentElement]);
  };

  readonly #refresh = () => void (this.#end.signal.aborted || this.#state.refresh());

  #heard(push: Push): void {
    if (!isMeant(push)) return;
    if (push.push === "page.state.changed") whenSeen(this.#refresh);
    else if (push.push === "notice") showNotice({ text: push.text, copy: push.copy });
    else if (push.push === "page.show")
      this.#teaching.use((part) => (push.what === "check" ? part.check() : part.teach()));
    else if (push.push === "round") this.#onRound(push.view);
    else if (push.push === "toolbar.focus") this.#acting.use((acting) => acting.answerHere());
    else if (push.push === "toolbar.answer") this.#answerAt(push.url);
  }

  #answerAt(url: string): void {
    // Nobody saw yet that posts are read right here: that comes first, then the answer.
    if (this.#whyNot() === "unchecked") this.#teaching.use((part) => part.check(() => this.#answerAt(url)));
    else this.#acting.use((acting) => acting.answerAt(url));
  }
}
