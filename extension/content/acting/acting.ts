/**
 * What happens on a page once the person acts there: suggestions, the toolbar beside text boxes, inserting. It is a
 * part of our script of its own (bring.ts): a page that is only read never loads it.
 */
import { ago, t } from "../../shared/i18n";
import type { Answered, PagePost, Remembered } from "../../shared/messages";
import { bring } from "../bring";
import type { ComposerBar } from "../composing/composer";
import type { PostActs } from "../drawing/post_acts";
import type { Known } from "../drawing/posts";
import { parentOf } from "../drawing/read";
import { focused } from "../focused";
import { type Caret, keepCaret } from "../inserter/caret";
import { type Editor, editorOf } from "../inserter/detect";
import { Later } from "../later";
import { remember } from "../memory";
import { checkOrphaned } from "../orphan";
import { askPerson, dropQuestion } from "../toolbar/ask";
import { sayWhyNot } from "../toolbar/attempt";
import { accountOf } from "../toolbar/bar";
import { waitFor } from "../toolbar/dom";
import { showNotice } from "../toolbar/notice";
import { Answering } from "./answer";
import { boxesOf, openBox } from "./boxes";
import { Client } from "./client";
import { answerAt, answerHere } from "./commands";
import { Owners } from "./owners";
import { openPostMenu } from "./post_menu";
import { Presence } from "./presence";
import { type SiteGround, siteMenu } from "./site_menu";
import "../toolbar/more_icons";
import { type Choice, Panel } from "../toolbar/panel";
import { drawSaveForm, type Saved } from "../toolbar/save_form";
import { isOurs } from "../toolbar/tag";
import type { Toolbar } from "../toolbar/toolbar";
import { type Typed, Watch } from "./watch";

const SETTLE = 250; // ms in which a site says what a box it opened answers

/** What the first half hands over. */
export interface Ground extends SiteGround {
  signal: AbortSignal;
  acts: PostActs;
  /** Why there is no toolbar on the posts here, "" when there is one. */
  note(): string;
}

export class Acting {
  readonly client: Client;
  readonly #ground: Ground;
  readonly #answering: Answering;
  readonly #owners: Owners | null;
  readonly #watch: Watch | null;
  readonly #composer: Later<ComposerBar>;
  readonly #presence: Presence;
  #caret: Caret | null = null;
  /** The box that was last written in. */
  #box: Editor | null = null;
  /** Replies on their way from a panel that is gone into a box that is not there yet. */
  #choosing = 0;

  constructor(ground: Ground) {
    const { site, state, signal } = ground;
    this.#ground = ground;
    this.#owners = site && new Owners(site);
    this.client = new Client(state);
    signal.addEventListener("abort", dropQuestion);
    this.#presence = new Presence(state, signal);
    document.addEventListener("focusin", ({ target }) => this.#entered(target), { capture: true, signal });
    this.#entered(document.activeElement);
    const keys = () => this.#all().map(({ key }) => key);
    const handle = () => state.now.handle;
    const replied = (url: string) => this.#becameReplied(url);
    this.#watch = site && new Watch(site, { handle, replied, typed: () => this.#typed(), keys }, signal);
    this.#answering = new Answering(state, this.client, this.#watch, signal, keys);
    this.#composer = new Later(
      async () =>
        new (await bring("composing"))(
          {
            state: () => state.now,
            ready: (near) => this.client.isKnown(near),
            boxOf: (editor) => this.#boxOf(editor),
            postOf: (editor) => this.#postOf(editor),
            mayAnswer: (near, url, panel) => this.#mayAnswer(near, url, panel),
            insert: (choice, post, editor, caret) => void this.#answering.insert(choice, post, editor, caret),
            menu: () => siteMenu(ground),
            note: ground.note,
          },
          signal,
        ),
      sayWhyNot,
    );
  }

  /** The person writes in a box: its toolbar listens for itself from now on. */
  compose(): void {
    if (!this.#composer.coming) this.#composer.use(() => {});
  }

  /** Draw again: the language, the server or the account changed. */
  refresh(): void {
    this.#composer.made?.refresh();
  }

  close(): void {
    this.#composer.made?.close();
  }

  /** Saved replies for the box one writes in. False where there is none. */
  async openInBox(): Promise<boolean> {
    return editorOf(focused()) !== null && (await this.#composer.get()).openPanel();
  }

  answerHere(): void {
    void answerHere(this, this.#ground);
  }

  answerAt(url: string): void {
    void answerAt(this, this.#ground, url);
  }

  /** All links of the box one writes in, shortened at once. False where there is none. */
  async shortenAll(): Promise<boolean> {
    return editorOf(focused()) !== null && (await this.#composer.get()).shortenAll();
  }

  /** What was sent on the page before this one, whose posts may be here already. */
  resume(sent: NonNullable<Remembered["sent"]>): void {
    this.#watch?.resume(sent);
    for (const known of this.#all()) this.seen(known);
  }

  /** A post that came onto the page: it may be what was sent. */
  seen(known: Known): void {
    void this.#watch?.seen(known, () => this.#freshOf(known));
  }

  #becameReplied(url: string): void {
    const { state } = this.#ground;
    const known = state.mentionAt(url);
    state.note(url, { id: "", intent: null, ...known, status: "replied", replied_by: "" });
  }

  /** The site's own reply button was pressed on this post: the box that opens answers it. */
  pressed(known: Known): void {
    this.#owners?.press(known);
  }

  #all(): Known[] {
    return this.#ground.posts()?.all() ?? [];
  }

  #freshOf(known: Known): PagePost {
    return this.#ground.posts()?.fresh(known) ?? known.post;
  }

  /** The person is in a box: where it answers a mention, colleagues hear of it. */
  #entered(target: EventTarget | null): void {
    const editor = target instanceof Element && !isOurs(target) ? editorOf(target) : null;
    if (!editor) return;
    this.#box = editor;
    setTimeout(() => {
      const of = this.#box?.root === editor.root && editor.root.isConnected ? this.#postOf(editor) : null;
      if (of) this.#presence.inBox(of.post.url, editor);
    }, SETTLE);
  }

  /** What is being written by hand, where its post is in the inbox. */
  #typed(): Typed | null {
    const editor = this.#box;
    const { state } = this.#ground;
    const post = editor?.root.isConnected ? this.#postOf(editor)?.post : null;
    if (!editor || !post || !state.mentionAt(post.url)) return null;
    return { url: post.url, brand_id: state.now.brand?.id ?? "", editor };
  }

  /** Whether to answer a post: where somebody did or does, the person is asked first. */
  async #mayAnswer(near: Element, url: string, panel: Panel): Promise<boolean> {
    let asking = true;
    const answered = await this.#presence.begin(url, () => asking || panel.node.isConnected || this.#choosing > 0);
    const text = answered && whoElse(answered);
    const answers = [{ words: t("toolbar_second_go"), value: "go" }];
    const go = !text || (await askPerson({ title: t("toolbar_second"), text, answers }, near)) === "go";
    if (!go) this.#presence.leave();
    // The panel is shown in the same task as this ends.
    setTimeout(() => {
      asking = false;
    });
    return go;
  }

  /** Suggestions for a post, at its toolbar. */
  async answer(known: Known, toolbar: Toolbar): Promise<void> {
    if (checkOrphaned()) return;
    const editor = editorOf(focused());
    this.#caret = editor && keepCaret(editor);
    if (!(await this.client.isKnown(known.element))) return;
    const { state } = this.#ground;
    const panel = new Panel({
      post: this.#freshOf(known),
      intent: state.mentionAt(known.post.url)?.intent ?? null,
      account: accountOf(state.now),
      brand_id: state.now.brand?.id ?? "",
      choose: (choice) => void this.#choose(choice, known, toolbar),
      close: () => toolbar.closePanel(),
    });
    if (!(await this.#mayAnswer(known.element, known.post.url, panel))) return;
    toolbar.openPanel(panel.node);
    void panel.start();
  }

  openMenu(known: Known, toolbar: Toolbar, more: HTMLElement): void {
    openPostMenu(this, this.#ground, known, toolbar, more);
  }

  /** The form for note and tags, at the post's toolbar. */
  async saveWith(known: Known, toolbar: Toolbar, save: (what: Saved) => void): Promise<void> {
    if (!(await this.client.isKnown(known.element))) return;
    const form = drawSaveForm({
      url: this.#freshOf(known).url,
      brand_id: this.#ground.state.now.brand?.id ?? "",
      save: (what) => {
        toolbar.closePanel();
        save(what);
      },
      close: () => toolbar.closePanel(),
    });
    toolbar.openPanel(form);
    form.querySelector("textarea")?.focus({ preventScroll: true });
  }

  async #choose(choice: Choice, known: Known, toolbar: Toolbar): Promise<void> {
    this.#choosing++;
    try {
      await this.#bringIn(choice, known, toolbar);
    } finally {
      this.#choosing--;
    }
  }

  async #bringIn(choice: Choice, known: Known, toolbar: Toolbar): Promise<void> {
    const { site } = this.#ground;
    const posts = this.#ground.posts();
    const post = this.#freshOf(known);
    toolbar.fold();
    if (!posts || !site) return;
    const box = await openBox(site, known, posts, () =>
      remember("pending", {
        id: known.key.split(" ").at(-1) ?? "",
        text: choice.text,
        blanks: JSON.stringify(choice.blanks),
        url: post.url,
        suggestions_id: choice.suggestions_id,
        reply_id: choice.reply_id,
        brand_id: choice.brand_id,
      }),
    );
    if (box === "leaving") {
      if (choice.keep) await this.#answering.keep(choice, post);
      return;
    }
    this.pressed(known);
    if (box) this.#presence.inBox(post.url, box);
    await this.#answering.insert(choice, post, box, box && this.#caret?.editor.root === box.root ? this.#caret : null);
    // Known to the inbox by now, if it was not before.
    if (box) this.#presence.inBox(post.url, box);
  }

  /** A reply chosen on the page before this one, whose box is here. */
  async takePending(kept: NonNullable<Remembered["pending"]>): Promise<void> {
    const { site } = this.#ground;
    if (!site) return;
    const { id, text, suggestions_id, reply_id, url, brand_id } = kept;
    const editor = await waitFor(() => {
      const box = boxesOf(site).find(({ element, composer }) => parentOf(element, composer) === id);
      return box ? editorOf(box.element) : null;
    }, 3000);
    if (!editor) return showNotice({ text: t("toolbar_no_box"), copy: text });
    let blanks: string[] = [];
    try {
      blanks = (JSON.parse(kept.blanks) as unknown[]).filter((blank): blank is string => typeof blank === "string");
    } catch {}
    if (!(await this.#answering.mayGoIn({ text, brand_id }, editor))) return;
    if (!(await this.#answering.write(editor, text, null, blanks))) {
      return this.#answering.handOver(text, editor);
    }
    const known = this.#ground.posts()?.find(url);
    if (!known) return;
    this.#presence.inBox(url, editor);
    const choice = { text, blanks, suggestions_id, reply_id, brand_id, keep: false };
    await this.#answering.tell(choice, this.#freshOf(known), editor);
  }

  #boxOf({ root }: Editor) {
    const { site } = this.#ground;
    const box = site && boxesOf(site).find(({ element }) => element === root || element.contains(root));
    const composer = box?.composer ?? null;
    const limit = composer?.limit === undefined ? (site?.limit ?? null) : composer.limit;
    return { composer, limit, network: site?.id ?? "", name: site?.name ?? "" };
  }

  #postOf(editor: Editor): { post: PagePost; intent: string | null } | null {
    const posts = this.#ground.posts();
    const known = posts && this.#owners?.of(editor.root, posts);
    if (!known) return null;
    const post = posts.fresh(known);
    return { post, intent: this.#ground.state.mentionAt(post.url)?.intent ?? null };
  }
}

/** "Ana is answering it now. Karim replied to it 5 min ago."; "" = nobody. Another window of one's own counts too. */
function whoElse({ replied, others }: Answered): string {
  const somebody = t("toolbar_somebody");
  const at = replied?.at ? ago(replied.at) : "";
  return [
    ...others.map(({ who, own }) =>
      own ? t("toolbar_second_own") : t("toolbar_second_now", { name: who || somebody }),
    ),
    replied && t(at ? "toolbar_second_at" : "toolbar_second_done", { name: replied.by || somebody, at }),
  ]
    .filter(Boolean)
    .join(" ");
}
