/** One page with our toolbar on it: everything that runs here, and how all of it goes away again. */
import { t } from "../shared/i18n";
import type { Inquiry, PagePost, PageStatus, Push, Remembered } from "../shared/messages";
import type { RoundView } from "../shared/round";
import { onInquiry, onPush, send } from "../shared/send";
import type { Site } from "../sites/types";
import type { Acting } from "./acting";
import { attempt } from "./attempt";
import { bring } from "./bring";
import { focused, waitFor } from "./dom";
import { host, isMeant } from "./frame";
import { copyText } from "./inserter/clipboard";
import { editorOf } from "./inserter/detect";
import { recall } from "./memory";
import { isAboutAccounts, onNavigate } from "./navigation";
import { removeNotices, showNotice } from "./notice";
import { Observer } from "./observer";
import { checkOrphaned, onOrphaned } from "./orphan";
import { addressOf, pictureIn } from "./pictures/which";
import { type Known, Posts } from "./posts";
import { readAccount, replyButtonOf } from "./read";
import type { OnRound } from "./round/on_round";
import { whenSeen } from "./seen";
import { State } from "./state";
import type { Teaching } from "./teaching/teaching";
import { fold } from "./text";
import type { Saving, View } from "./toolbar/bar";
import { hasHosts } from "./toolbar/host";
import type { Item } from "./toolbar/menu";
import type { Saved } from "./toolbar/save_form";
import type { Owner, Toolbar } from "./toolbar/toolbar";
import { Watch } from "./watch";

const SUCCESSOR = 3_000; // ms
/** A page that does not say yet who is logged in is asked again when it grows: not more often, nor more times. */
const UNREAD = { every: 1000, times: 20 }; // ms
const PATIENCE = 10_000; // ms until a post that was asked for is on the page

export class Page {
  readonly #end = new AbortController();
  readonly #site: Site | null;
  readonly #state: State;
  readonly #observer = new Observer();
  readonly #saving = new Map<string, Saving>();
  readonly #watch: Watch | null;
  #posts: Posts | null = null;
  #acting: Promise<Acting> | null = null;
  #made: Acting | null = null;
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
            typed: () => this.#made?.typed() ?? null,
            keys: () => this.#posts?.all().map(({ key }) => key) ?? [],
          },
          signal,
        )
      : null;
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
      this.#forgetSaving();
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
    void this.#acting?.then((acting) => acting.refresh());
    this.#focused(focused());
    if (this.#posts && this.#whyNot()) this.#leavePosts();
    if (this.#site && !this.#posts && !this.#whyNot()) {
      // What comparing texts needs is made before the first post is drawn, while nobody waits.
      requestIdleCallback(() => void fold("#a"));
      this.#posts = new Posts(this.#site, {
        owner: (known) => this.#ownerOf(known),
        added: (known) => void this.#watch?.seen(known, () => this.#posts?.fresh(known) ?? known.post),
        stepBack: (kind, missing) => this.#stepBack(kind, missing),
      });
      this.#observer.start();
      const pending = this.#pending;
      this.#pending = null;
      if (pending) this.#act((acting) => void acting.takePending(pending));
    }
    this.#posts?.refresh();
    this.#showPictures();
  }

  #pictures: AbortController | null = null;

  /** The button at pictures, where the person switched it on. */
  #showPictures(): void {
    const on = this.#state.now.pictures && this.#state.now.paired && !this.#state.now.hidden;
    if (on === (this.#pictures !== null)) return;
    this.#pictures?.abort();
    this.#pictures = on ? new AbortController() : null;
    if (!this.#pictures) return;
    const { signal } = this.#pictures;
    bring("pictures").then((Made) => {
      if (!signal.aborted) new Made({ share: (image) => this.#shareImage(image) }, signal);
    }, checkOrphaned);
  }

  #shareImage(image: HTMLImageElement): void {
    const known = this.#posts?.around(image);
    const url = (known && this.#posts?.fresh(known).url) || location.href;
    const shared = { url, text: "", images: [addressOf(image)], ...this.#state.of() };
    void attempt(() => send("share", shared));
  }

  #leavePosts(): void {
    this.#observer.stop();
    this.#posts?.stop();
    this.#posts = null;
  }

  #hide(): void {
    this.#leavePosts();
    this.#pictures?.abort();
    this.#pictures = null;
    void this.#acting?.then((acting) => acting.close());
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

  // --- one post ---

  #ownerOf(known: Known): Owner {
    return {
      view: () => this.#viewOf(known),
      acts: (toolbar) => ({
        answer: () => this.#act((acting) => void acting.answer(known, toolbar)),
        save: () => void this.#forOne(known, () => this.#save(known)),
        more: (button) => toolbar.openMenu(button),
        connect: () => void attempt(() => send("open.app", { page: "pair" })),
      }),
      menu: (toolbar) => ({ items: this.#menuOf(known, toolbar), note: "" }),
      // Whoever unfolds a toolbar may act: what that needs is there by then.
      unfolded: () => void bring("acting").catch(checkOrphaned),
    };
  }

  #viewOf({ post }: Known): View {
    const mention = this.#state.mentionAt(post.url);
    const matched = mention !== null || this.#state.holdsKeyword(post.text);
    return {
      state: this.#state.now,
      mention,
      matched,
      saving: this.#saving.get(post.url) ?? "no",
      version: this.#state.version,
    };
  }

  /** Once it is known which brand this page works for: where several have the account in use, that is asked. */
  async #forOne({ element }: Known, run: () => unknown): Promise<void> {
    await this.#state.look();
    if (this.#state.now.whose !== "shared") run();
    else this.#act(async ({ client }) => (await client.isKnown(element)) && run());
  }

  async #save(known: Known, what?: Saved): Promise<void> {
    const post = this.#posts?.fresh(known) ?? known.post;
    this.#setSaving(known, "saving");
    try {
      const { id } = await send("mention.save", { post, ...what, ...this.#state.of() });
      this.#saving.delete(post.url);
      const known = this.#state.mentionAt(post.url);
      this.#state.note(post.url, { status: "new", intent: null, replied_by: "", ...known, id });
      if (what) showNotice({ text: t("toolbar_saved_with") });
    } catch (error) {
      const queued = await attempt(() => Promise.reject(error));
      this.#setSaving(known, queued ? "queued" : "no");
    }
  }

  #savingFor = "";

  /** What was saved was saved for one brand. */
  #forgetSaving(): void {
    const brand = this.#state.now.brand?.id ?? "";
    if (brand !== this.#savingFor) this.#saving.clear();
    this.#savingFor = brand;
  }

  #setSaving(known: Known, saving: Saving): void {
    this.#saving.set(known.post.url, saving);
    this.#posts?.refreshOne(known);
  }

  #menuOf(known: Known, toolbar: Toolbar): (Item | null)[] {
    const post = () => this.#posts?.fresh(known) ?? known.post;
    const saveWith = (acting: Acting) =>
      acting.saveWith(known, toolbar, (what) => void this.#forOne(known, () => this.#save(known, what)));
    return [
      { icon: "save", words: t("toolbar_save_with"), run: () => this.#act(saveWith) },
      {
        icon: "share",
        words: t("toolbar_share"),
        run: () => {
          const { url, text } = post();
          void attempt(() => send("share", { url, text: text.slice(0, 500), ...this.#state.of() }));
        },
      },
      ...this.#ofImage(known),
      {
        icon: "shorten",
        words: t("toolbar_shorten"),
        run: () => void this.#forOne(known, () => attempt(() => this.#shorten(post()))),
      },
      null,
      ...this.#ofSite(),
    ];
  }

  /** The way to its picture for the keyboard, where the button at pictures is on. */
  #ofImage(known: Known): Item[] {
    const image = this.#state.now.pictures ? pictureIn(known.element) : null;
    const run = () => image && this.#shareImage(image);
    return image ? [{ icon: "picture", words: t("toolbar_picture_share"), run }] : [];
  }

  /** What belongs to the whole page: an account to be named, and where the toolbar is not wanted. */
  #ofSite(): (Item | null)[] {
    const { whose, brand } = this.#state.now;
    const items: Item[] = [];
    if (whose === "other" && brand) {
      const words = t("toolbar_is_ours", { brand: brand.name });
      items.push({ icon: "account", words, run: () => this.#act(({ client }) => client.remember()) });
    }
    if (this.#site?.tier === "unchecked" && !this.#site.composer_only && !this.#trying) {
      items.push({ icon: "check", words: t("toolbar_check_page"), run: () => this.#teach((part) => part.check()) });
    }
    if (this.#site?.tier !== "checked" || this.#posts?.missing.all) {
      items.push({ icon: "teach", words: t("toolbar_teach"), run: () => this.#teach((part) => part.teach()) });
    }
    if (this.#state.now.paired) {
      const { pictures } = this.#state.now;
      const use = () => attempt(() => send("pictures.use", { host: location.hostname, on: !pictures }));
      items.push({ icon: "picture", words: t(pictures ? "toolbar_pictures_off" : "toolbar_pictures_on"), run: use });
    }
    return items.length > 0 ? [...items, null, ...this.#hiding()] : this.#hiding();
  }

  #hiding(): Item[] {
    const hide = (scope: "site" | "ever") => () =>
      void attempt(async () => {
        await send("site.hide", { host, scope });
        await this.#state.refresh();
      });
    return [
      { icon: "hide", words: t("toolbar_hide_site", { host }), run: hide("site") },
      { icon: "hide", words: t("toolbar_hide_ever"), run: hide("ever") },
    ];
  }

  async #shorten(post: PagePost): Promise<void> {
    const short = await send("shorten", { url: post.url, title: post.text.slice(0, 80), ...this.#state.of() });
    const copied = await copyText(short.url, document.documentElement);
    showNotice({
      text: short.why ? t(short.why) : t(copied ? "toolbar_link_copied" : "toolbar_link"),
      copy: short.url,
    });
  }

  #becameReplied(url: string): void {
    const known = this.#state.mentionAt(url);
    this.#state.note(url, { id: "", intent: null, ...known, status: "replied", replied_by: "" });
  }

  // --- what the person does ---

  #withActing(): Promise<Acting> {
    this.#acting ??= bring("acting").then(
      (Made) =>
        new Made({
          site: this.#site,
          state: this.#state,
          watch: this.#watch,
          signal: this.#end.signal,
          posts: () => this.#posts,
          note: () => this.#note(),
          menu: () => this.#ofSite(),
        }),
    );
    this.#acting.then(
      (made) => {
        this.#made = made;
      },
      () => {
        this.#acting = null;
      },
    );
    return this.#acting;
  }

  /** With the part for who acts, brought in where it is not there. */
  #act(run: (acting: Acting) => unknown): void {
    if (checkOrphaned()) return;
    this.#withActing().then(run, (error) => void attempt(() => Promise.reject(error)));
  }

  #teaching: Promise<Teaching> | null = null;

  /** With the part that checks and teaches. */
  #teach(run: (teaching: Teaching) => unknown): void {
    if (checkOrphaned()) return;
    this.#bringTeaching().then(run, (error) => void attempt(() => Promise.reject(error)));
  }

  #bringTeaching(): Promise<Teaching> {
    this.#teaching ??= bring("teaching").then(
      (Made) =>
        new Made({
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
    this.#teaching.catch(() => {
      this.#teaching = null;
    });
    return this.#teaching;
  }

  #round: Promise<OnRound> | null = null;

  /** This tab is on a round, or no longer: with the part for that. */
  #onRound(view: RoundView | null): void {
    if (checkOrphaned() || (!view && !this.#round)) return;
    this.#round ??= bring("round").then(
      (Made) =>
        new Made({
          site: this.#site,
          signal: this.#end.signal,
          whyNot: () => this.#whyNot() || (this.#posts?.missing.all ? "stepped_back" : ""),
          check: (then) => this.#teach((part) => part.check(then)),
        }),
    );
    this.#round.then(
      (round) => round.show(view),
      (error) => {
        this.#round = null;
        checkOrphaned(error);
      },
    );
  }

  async #tell(inquiry: Inquiry): Promise<unknown> {
    if (inquiry === "shorten") return editorOf(focused()) !== null && (await this.#withActing()).shortenAll();
    if (inquiry === "report") return (await this.#bringTeaching()).report();
    const missing = this.#posts?.missing ?? { of: "", all: false };
    const status: PageStatus = {
      site: this.#site?.name ?? "",
      tier: this.#site?.tier ?? "",
      on: this.#whyNot() || (missing.all ? "stepped_back" : "posts"),
      missing: missing.of,
    };
    return status;
  }

  #clicked(event: Event): void {
    const at = event.target instanceof Element ? event.target : null;
    const known = at && this.#posts?.around(at);
    if (known && replyButtonOf(known.element, known.variant)?.contains(at))
      this.#act((acting) => acting.pressed(known));
  }

  /** A text box has the focus: its toolbar listens for itself from now on. */
  #focused(target: EventTarget | null): void {
    if (this.#acting || this.#state.now.hidden || !(target instanceof Element) || !editorOf(target)) return;
    this.#act((acting) => acting.refresh());
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
    else if (push.push === "page.show") this.#teach((part) => (push.what === "check" ? part.check() : part.teach()));
    else if (push.push === "round") this.#onRound(push.view);
    else if (push.push === "toolbar.focus") this.#focusToolbar();
    else if (push.push === "toolbar.answer") void this.#answerAt(push.url);
  }

  /** The keyboard command: the saved replies of the box one writes in, else suggestions for the nearest post. */
  #focusToolbar(): void {
    const nearest = () => {
      const known = this.#posts?.nearest();
      const toolbar = known?.toolbar;
      if (!toolbar) return;
      if (this.#state.now.paired) this.#act((acting) => void acting.answer(known, toolbar));
      else toolbar.unfold(true);
    };
    if (editorOf(focused())) this.#act((acting) => acting.openInBox() || nearest());
    else nearest();
  }

  async #answerAt(url: string): Promise<void> {
    // Nobody saw yet that posts are read right here: that comes first, then the answer.
    if (this.#whyNot() === "unchecked") {
      this.#teach((part) => part.check(() => void this.#answerAt(url)));
      return;
    }
    const find = () => this.#posts?.find(url || location.href) ?? (url ? null : (this.#posts?.all()[0] ?? null));
    // The address of a post on another server names it otherwise: on its own page it is the first.
    const known = (await waitFor(find, PATIENCE, 200)) ?? this.#posts?.all()[0];
    if (!known) return;
    known.element.scrollIntoView({ block: "center" });
    const toolbar = await waitFor(() => known.toolbar, PATIENCE, 100);
    if (toolbar) this.#act((acting) => void acting.answer(known, toolbar));
  }
}
