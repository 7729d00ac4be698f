/**
 * *Teach*: the person points at a post, at who wrote it, at its words and at the box one answers in; each time they see
 * what else on the page that means. From it follows an adapter for this host, which is shown at work before it is kept.
 */
import { plural, t } from "../../shared/i18n";
import { send } from "../../shared/send";
import type { Composer, Site, Variant } from "../../sites/types";
import { within } from "../drawing/read";
import { host } from "../frame";
import { editorOf } from "../inserter/detect";
import { textOf } from "../reads";
import { attempt } from "../toolbar/attempt";
import { button } from "../toolbar/button";
import { showNotice } from "../toolbar/notice";
import { Card } from "./card";
import { type Framed, Frames } from "./frames";
import { Pointer } from "./pointer";
import { type Kind, kindsAround, likeliest } from "./posts";
import { findPosts, having } from "./survey";
import { bare, boxAt, findIn, guessRest, sameWords, submitOf, wordsAround } from "./values";

type Step = "post" | "author" | "text" | "box" | "review";
const STEPS: Step[] = ["post", "author", "text", "box", "review"];

interface Taught {
  kinds: Kind[];
  /** Which of `kinds`. */
  kind: number;
  post: Element | null;
  author: Element | null;
  text: Element | null;
  box: Element | null;
}

export class Lesson {
  readonly #frames = new Frames();
  readonly #card: Card;
  #pointer: Pointer | null = null;
  #step: Step = "post";
  readonly #taught: Taught = { kinds: [], kind: -1, post: null, author: null, text: null, box: null };
  #ended = false;

  constructor() {
    this.#card = new Card(t("toolbar_teach_post"), () => this.end());
    this.#go("post");
  }

  // --- the steps ---

  #go(step: Step): void {
    this.#step = step;
    this.#pointer?.end();
    this.#pointer = null;
    if (step === "review") {
      this.#review();
      return;
    }
    this.#pointer = new Pointer({
      over: (element) => this.#over(element),
      picked: (element) => this.#pick(element),
      cancelled: () => this.end(),
    });
    this.#draw();
  }

  #back(): void {
    this.#go(STEPS[STEPS.indexOf(this.#step) - 1]!);
  }

  #next(): void {
    this.#go(STEPS[STEPS.indexOf(this.#step) + 1]!);
  }

  get #kind(): Kind | null {
    return this.#taught.kinds[this.#taught.kind] ?? null;
  }

  /** The element that a place means in this step. */
  #meant(at: Element): Element | null {
    if (this.#step === "post") {
      const kinds = kindsAround(at);
      const kind = kinds[likeliest(kinds)];
      return kind ? (kind.elements.find((one) => one.contains(at)) ?? null) : null;
    }
    if (this.#step === "box")
      return editorOf(at)?.root ?? editorOf(at.querySelector("textarea, [contenteditable]"))?.root ?? null;
    const post = this.#postOf(at);
    if (!post || at === post) return null;
    if (this.#step === "author") return at;
    // Who points at the words means all of them; the name may stand in another post than this one.
    const author = this.#taught.author && this.#authorIn(post);
    return wordsAround(at, post, author || null);
  }

  /** The innermost post of the kind that `at` stands in. */
  #postOf(at: Element): Element | null {
    return this.#kind ? at.closest(this.#kind.css) : null;
  }

  #authorIn(post: Element): Element | null {
    const css = this.#authorCss();
    return css && this.#kind ? (within(post, bare(this.#kind), css)[0] ?? null) : null;
  }

  #over(at: Element): void {
    const meant = this.#meant(at);
    this.#frames.show([
      ...this.#found("plain"),
      ...(meant ? [{ element: meant, words: t(`toolbar_teach_this_${this.#name()}`), look: "good" as const }] : []),
    ]);
  }

  #name(): Exclude<Step, "review"> {
    return this.#step === "review" ? "box" : this.#step;
  }

  #pick(at: Element): void {
    const meant = this.#meant(at);
    const taught = this.#taught;
    if (!meant) {
      this.#draw(t(`toolbar_teach_not_${this.#name()}`));
      return;
    }
    if (this.#step === "post") {
      taught.kinds = kindsAround(at);
      taught.kind = likeliest(taught.kinds);
      this.#forget();
    } else if (this.#step === "author") {
      taught.post = this.#postOf(meant);
      taught.author = this.#best(sameWords(meant, taught.post!));
      taught.text = null;
    } else if (this.#step === "text") taught.text = meant;
    else taught.box = meant;
    this.#draw();
    this.#card.focus();
  }

  #forget(): void {
    Object.assign(this.#taught, { post: null, author: null, text: null });
  }

  /** Of elements that say the same, the one whose like is in most posts. */
  #best(same: Element[]): Element {
    const { post } = this.#taught;
    const kind = this.#kind!;
    const having = (one: Element) =>
      kind.elements.filter((other) => within(other, bare(kind), findIn(kind, post!, one)).length > 0).length;
    return same.reduce((best, one) => (having(one) > having(best) ? one : best));
  }

  /** Larger or smaller, where what was meant around a place was not guessed. */
  #resize(by: 1 | -1): void {
    const { kinds, kind } = this.#taught;
    this.#taught.kind = Math.max(0, Math.min(kinds.length - 1, kind + by));
    this.#forget();
    this.#draw();
  }

  // --- what is seen ---

  #authorCss(): string {
    const { post, author } = this.#taught;
    return post && author && this.#kind ? findIn(this.#kind, post, author, (one) => textOf(one) !== "") : "";
  }

  #textCss(): string {
    const { text } = this.#taught;
    const post = text && this.#postOf(text);
    return post && text && this.#kind ? findIn(this.#kind, post, text, (one) => textOf(one) !== "") : "";
  }

  /** What is known so far, framed. */
  #found(look: Framed["look"]): Framed[] {
    const kind = this.#kind;
    if (!kind) return [];
    const posts = kind.elements.map((element) => ({ element, words: "", look }));
    const css = this.#step === "author" ? this.#authorCss() : this.#step === "text" ? this.#textCss() : "";
    const box =
      this.#step === "box" && this.#taught.box ? [{ element: this.#taught.box, words: "", look: "good" as const }] : [];
    if (!css) return [...posts, ...box];
    const values = kind.elements.flatMap((post) => within(post, bare(kind), css).slice(0, 1));
    return [
      ...posts.map((one) => ({ ...one, look: "plain" as const })),
      ...values.map((element) => ({ element, words: "", look: "good" as const })),
    ];
  }

  #draw(refused = ""): void {
    const done = this.#isDone();
    this.#frames.show(this.#found(this.#step === "post" ? "good" : "plain"));
    const buttons = [
      done && button(t("toolbar_teach_next"), () => this.#next(), { class: "btn go" }),
      this.#step === "box" && !done && button(t("toolbar_teach_no_box"), () => this.#next(), { class: "btn" }),
      this.#step === "post" &&
        done &&
        this.#taught.kind < this.#taught.kinds.length - 1 &&
        button(t("toolbar_teach_larger"), () => this.#resize(1), { class: "btn" }),
      this.#step === "post" &&
        done &&
        this.#taught.kind > 0 &&
        button(t("toolbar_teach_smaller"), () => this.#resize(-1), { class: "btn" }),
      this.#step !== "post" && button(t("toolbar_teach_back"), () => this.#back(), { class: "btn" }),
      !done && button(t("toolbar_teach_keys"), () => this.#pointer?.useKeys(), { class: "btn" }),
      button(t("toolbar_cancel"), () => this.end(), { class: "btn" }),
    ].filter((one) => one !== false);
    const n = `${STEPS.indexOf(this.#step) + 1}/${STEPS.length} `;
    this.#card.show(refused || this.#said(), buttons, n + t(`toolbar_teach_${this.#name()}`));
  }

  #isDone(): boolean {
    const { author, text, box } = this.#taught;
    return Boolean({ post: this.#kind, author, text, box, review: true }[this.#step]);
  }

  #said(): string {
    const kind = this.#kind;
    if (!this.#isDone() || !kind) return t(`toolbar_teach_how_${this.#name()}`);
    if (this.#step === "post") return plural("toolbar_teach_posts", kind.elements.length);
    if (this.#step === "box") return t("toolbar_teach_box_found");
    const css = this.#step === "author" ? this.#authorCss() : this.#textCss();
    const n = kind.elements.filter((post) => within(post, bare(kind), css).some((one) => textOf(one))).length;
    return t("toolbar_teach_found", { n, of: kind.elements.length });
  }

  // --- the adapter ---

  #review(): void {
    const site = this.#site();
    const posts = findPosts(site);
    this.#frames.show(
      posts.map(({ element, author, text, missing }) => ({
        element,
        words:
          missing.length > 0
            ? missing.map((name) => t(`toolbar_check_no_${name}`)).join(", ")
            : `${author} — ${text.slice(0, 40)}`,
        look: missing.length > 0 ? "warn" : "good",
      })),
    );
    const counted = [
      plural("toolbar_check_posts", posts.length),
      plural("toolbar_check_authors", having(posts, "author")),
      plural("toolbar_check_links", having(posts, "url")),
      plural("toolbar_check_texts", having(posts, "text")),
    ].join(" · ");
    const linked = having(posts, "url") > 0;
    this.#card.show(
      linked ? counted : `${counted}. ${t("toolbar_teach_no_links")}`,
      [
        button(t("toolbar_teach_save"), () => void this.#save(site), { class: "btn go" }),
        button(t("toolbar_teach_back"), () => this.#back(), { class: "btn" }),
        button(t("toolbar_cancel"), () => this.end(), { class: "btn" }),
      ],
      `${STEPS.length}/${STEPS.length} ${t("toolbar_teach_review")}`,
    );
    this.#card.focus();
  }

  #site(): Site {
    const { box } = this.#taught;
    const variant = this.#variant();
    const submit = box ? submitOf(box) : "";
    const day = new Date().toISOString().slice(0, 10);
    return {
      id: host,
      name: host.slice(0, 60),
      version: day,
      tier: "taught",
      checked: [`Taught by pointing on ${day}.`],
      notes: [],
      hosts: [host],
      test: null,
      variants: [variant],
      composers: box ? [this.#composer(box)] : [],
      submit: submit ? [{ css: submit, finds: "maybe" }] : [],
      account: [],
      account_name: [],
      limit: null,
    };
  }

  #composer(box: Element): Composer {
    const { css, owner } = boxAt(box, this.#kind!);
    return { css, finds: "maybe", editor: editorOf(box)?.kind ?? "plain", owner };
  }

  #variant(): Variant {
    const kind = this.#kind!;
    const { author, text } = this.#taught;
    // All from one post: what was pointed at in another one is looked for in this.
    const post = this.#postOf(author!)!;
    const words = within(post, bare(kind), this.#textCss())[0] ?? text!;
    const { quotes, thread, ...rest } = guessRest(kind, post, author!, words);
    return {
      name: "post",
      post: { css: kind.css, finds: "some" },
      ...(kind.inner && { inner: true }),
      ...(quotes && { quotes }),
      author: [{ css: this.#authorCss(), finds: "one", from: "text" }],
      ...(thread.length > 0 && { thread }),
      text: [{ css: this.#textCss(), finds: "maybe", from: "text" }],
      ...rest,
    };
  }

  async #save(site: Site): Promise<void> {
    await attempt(async () => {
      const { id } = await send("site.teach", { host, adapter: site });
      this.end();
      const undo = () => void attempt(() => send("site.unteach", { host, id }));
      showNotice({
        text: t("toolbar_teach_saved", { host }),
        act: { words: t("toolbar_undo"), run: undo },
      });
    });
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#pointer?.end();
    this.#frames.end();
    this.#card.end();
  }
}
