/** One page with our toolbar on it: everything that runs here, and how all of it goes away again. */
import { t } from "../shared/i18n";
import type { PagePost, Push } from "../shared/messages";
import { onPush, send } from "../shared/send";
import type { Site } from "../sites/types";
import { Answering, attempt, bracketed } from "./answer";
import { boxesOf, openBox } from "./boxes";
import { ComposerBar } from "./composer";
import { focused, waitFor } from "./dom";
import { type Caret, keepCaret } from "./inserter/caret";
import { copyText } from "./inserter/clipboard";
import { type Editor, editorOf } from "./inserter/detect";
import { insertText } from "./inserter/insert";
import { recall, remember } from "./memory";
import { onNavigate } from "./navigation";
import { removeNotices, showNotice } from "./notice";
import { Observer } from "./observer";
import { checkOrphaned, onOrphaned } from "./orphan";
import { Owners } from "./owners";
import { type Known, Posts } from "./posts";
import { parentOf, replyButtonOf } from "./read";
import { State } from "./state";
import { accountOf, type Saving, type View } from "./toolbar/bar";
import type { Item } from "./toolbar/menu";
import type { Choice } from "./toolbar/panel";
import type { Owner, Toolbar } from "./toolbar/toolbar";
import { Watch } from "./watch";

const PENDING = 60_000; // ms between choosing a reply and the page that has the box for it
const PENDING_FIELDS = ["id", "text", "blanks", "url", "suggestions_id", "reply_id"] as const;
const PATIENCE = 10_000; // ms until a post that was asked for is on the page

export class Page {
  readonly #end = new AbortController();
  readonly #site: Site | null;
  readonly #state: State;
  readonly #observer = new Observer();
  readonly #saving = new Map<string, Saving>();
  readonly #watch: Watch | null;
  readonly #answering: Answering;
  #posts: Posts | null = null;
  #composer: ComposerBar | null = null;
  readonly #owners: Owners | null;
  /** Why posts have no toolbar here; "" = they have. */
  #steppedBack = "";

  constructor(site: Site | null) {
    const { signal } = this.#end;
    this.#site = site;
    this.#owners = site && new Owners(site);
    this.#state = new State(site?.id ?? location.hostname);
    this.#watch = this.#site
      ? new Watch(
          this.#site,
          () => this.#state.now.handle,
          (url) => this.#becameReplied(url),
          signal,
        )
      : null;
    this.#answering = new Answering(this.#state, this.#watch, () => this.#posts?.all().map(({ key }) => key) ?? []);
    onOrphaned(() => this.#orphaned());
    signal.addEventListener(
      "abort",
      onPush((push) => this.#heard(push)),
    );
    this.#state.onChange(() => this.#show());
    onNavigate(() => this.#look([document.documentElement]), signal);
    document.addEventListener("click", (event) => this.#clicked(event), { capture: true, signal });
    document.addEventListener("scrollend", () => !checkOrphaned() && this.#look([]), {
      capture: true,
      passive: true,
      signal,
    });
    this.#observer.onAdded((added) => !checkOrphaned() && this.#look(added));
  }

  async start(): Promise<void> {
    await this.#state.refresh();
    this.#show();
  }

  stop(): void {
    this.#end.abort();
    this.#hide();
    removeNotices();
  }

  /** Draw what belongs on the page now, or take all of it away. */
  #show(): void {
    if (this.#end.signal.aborted) return;
    if (this.#state.now.hidden) {
      this.#hide();
      return;
    }
    this.#composer ??= new ComposerBar(
      {
        state: () => this.#state.now,
        postOf: (editor) => this.#postOf(editor),
        insert: (choice, post, editor, caret) => void this.#answering.insert(choice, post, editor, caret),
        menu: () => this.#hiding(),
        note: () => this.#steppedBack,
      },
      this.#end.signal,
    );
    this.#composer.refresh();
    if (this.#site && !this.#site.composer_only && !this.#posts && !this.#steppedBack) {
      this.#posts = new Posts(this.#site, {
        owner: (known) => this.#ownerOf(known),
        added: (known) => void this.#watch?.seen(known, () => this.#posts?.fresh(known) ?? known.post),
        stepBack: (missing) => this.#stepBack(missing),
      });
      this.#observer.start();
      void this.#takePending();
    }
    this.#posts?.refresh();
  }

  #hide(): void {
    this.#observer.stop();
    this.#posts?.stop();
    this.#posts = null;
    this.#composer?.close();
  }

  #look(added: Element[]): void {
    if (this.#posts?.look(added)) this.#observer.found();
  }

  /** The page is no longer as the adapter says: no nonsense on posts, only the toolbar beside text boxes. */
  #stepBack(missing: string): void {
    this.#posts = null;
    this.#observer.stop();
    this.#steppedBack = t("toolbar_stepped_back", { host: location.hostname });
    console.info(
      `Entregent: ${this.#site?.id}: no ${missing} on the posts of this page; the toolbar stays at text boxes.`,
    );
  }

  #orphaned(): void {
    this.stop();
    showNotice({ text: t("error_reload"), act: { words: t("toolbar_reload"), run: () => location.reload() } });
  }

  // --- one post ---

  #ownerOf(known: Known): Owner {
    return {
      view: () => this.#viewOf(known),
      acts: (toolbar) => ({
        answer: () => void this.#openPanel(known, toolbar),
        save: () => void this.#save(known),
        more: (button) => toolbar.openMenu(button),
        connect: () => void attempt(() => send("open.app", { page: "pair" })),
      }),
      menu: () => ({ items: this.#menuOf(known), note: "" }),
      job: (toolbar) => ({
        post: this.#posts?.fresh(known) ?? known.post,
        intent: this.#state.mentionAt(known.post.url)?.intent ?? null,
        account: accountOf(this.#state.now),
        choose: (choice) => void this.#choose(choice, known, toolbar),
      }),
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

  #caret: Caret | null = null;

  #openPanel(_known: Known, toolbar: Toolbar): void {
    if (checkOrphaned()) return;
    const editor = editorOf(focused());
    this.#caret = editor && keepCaret(editor);
    toolbar.openPanel();
  }

  async #choose(choice: Choice, known: Known, toolbar: Toolbar): Promise<void> {
    const post = this.#posts?.fresh(known) ?? known.post;
    toolbar.fold();
    if (!this.#posts) return;
    const box = await openBox(this.#site!, known, this.#posts, () =>
      remember("pending", {
        id: known.key.split(" ").at(-1),
        text: choice.text,
        blanks: JSON.stringify(choice.blanks),
        url: post.url,
        suggestions_id: choice.suggestions_id,
        reply_id: choice.reply_id,
      }),
    );
    if (box === "leaving") {
      if (choice.keep)
        await attempt(() => send("reply.save", { text: choice.text, title: choice.text.slice(0, 60), post }));
      return;
    }
    this.#owners?.press(known);
    await this.#answering.insert(choice, post, box, box && this.#caret?.editor.root === box.root ? this.#caret : null);
  }

  /** A reply chosen on the page before this one, whose box is here. */
  async #takePending(): Promise<void> {
    const kept = recall("pending", PENDING, PENDING_FIELDS);
    if (!kept || !this.#site) return;
    const { id, text, suggestions_id, reply_id, url } = kept;
    const editor = await waitFor(() => {
      const box = boxesOf(this.#site!).find(({ element, composer }) => parentOf(element, composer) === id);
      return box ? editorOf(box.element) : null;
    }, 3000);
    if (!editor) return showNotice({ text: t("toolbar_no_box"), copy: text });
    let blanks: string[] = [];
    try {
      blanks = (JSON.parse(kept.blanks) as unknown[]).filter((blank): blank is string => typeof blank === "string");
    } catch {}
    if (!(await insertText(editor, text, null, bracketed(blanks)))) {
      return showNotice({ text: t("toolbar_paste"), copy: text });
    }
    const known = this.#posts?.find(url);
    const post = known && this.#posts?.fresh(known);
    if (post) await this.#answering.tell({ text, blanks, suggestions_id, reply_id, keep: false }, post, editor);
  }

  async #save(known: Known): Promise<void> {
    const post = this.#posts?.fresh(known) ?? known.post;
    this.#setSaving(known, "saving");
    try {
      const { id } = await send("mention.save", { post });
      this.#saving.delete(post.url);
      this.#state.note(post.url, { id, status: "new", intent: null, replied_by: "" });
    } catch (error) {
      const queued = await attempt(() => Promise.reject(error));
      this.#setSaving(known, queued ? "queued" : "no");
    }
  }

  #setSaving(known: Known, saving: Saving): void {
    this.#saving.set(known.post.url, saving);
    this.#posts?.refreshOne(known);
  }

  #menuOf(known: Known): (Item | null)[] {
    const post = () => this.#posts?.fresh(known) ?? known.post;
    return [
      {
        icon: "share",
        words: t("toolbar_share"),
        run: () => {
          const { url, text } = post();
          void attempt(() => send("share", { url, text: text.slice(0, 500) }));
        },
      },
      { icon: "shorten", words: t("toolbar_shorten"), run: () => void attempt(() => this.#shorten(post())) },
      null,
      ...this.#hiding(),
    ];
  }

  #hiding(): Item[] {
    const hide = (scope: "site" | "ever") => () =>
      void attempt(async () => {
        await send("site.hide", { host: location.hostname, scope });
        await this.#state.refresh();
      });
    return [
      { icon: "hide", words: t("toolbar_hide_site", { host: location.hostname }), run: hide("site") },
      { icon: "hide", words: t("toolbar_hide_ever"), run: hide("ever") },
    ];
  }

  async #shorten(post: PagePost): Promise<void> {
    const short = await send("shorten", { url: post.url, title: post.text.slice(0, 80) });
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

  // --- boxes ---

  #clicked(event: Event): void {
    const at = event.target instanceof Element ? event.target : null;
    const known = at && this.#posts?.around(at);
    if (known && replyButtonOf(known.element, known.variant)?.contains(at)) this.#owners?.press(known);
  }

  #postOf(editor: Editor): { post: PagePost; intent: string | null } | null {
    if (!this.#posts) return null;
    const known = this.#owners?.of(editor.root, this.#posts);
    if (!known) return null;
    const post = this.#posts.fresh(known);
    return { post, intent: this.#state.mentionAt(post.url)?.intent ?? null };
  }

  // --- what the background says ---

  #heard(push: Push): void {
    if (push.push === "page.state.changed") void this.#state.refresh();
    else if (push.push === "notice") showNotice({ text: push.text, copy: push.copy });
    else if (push.push === "toolbar.focus") this.#focusToolbar();
    else if (push.push === "toolbar.answer") void this.#answerAt(push.url);
  }

  /** The keyboard command: the saved replies of the box one writes in, else the toolbar of the nearest post. */
  #focusToolbar(): void {
    if (editorOf(focused()) && this.#composer?.openPanel()) return;
    this.#posts?.nearest()?.toolbar?.unfold(true);
  }

  async #answerAt(url: string): Promise<void> {
    const find = () => this.#posts?.find(url || location.href) ?? (url ? null : (this.#posts?.all()[0] ?? null));
    // The address of a post on another server names it otherwise: on its own page it is the first.
    const known = (await waitFor(find, PATIENCE, 200)) ?? this.#posts?.all()[0];
    if (!known) return;
    known.element.scrollIntoView({ block: "center" });
    const toolbar = await waitFor(() => known.toolbar, PATIENCE, 100);
    if (toolbar) this.#openPanel(known, toolbar);
  }
}
