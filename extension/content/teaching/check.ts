/**
 * *Check this page*: our marks are drawn, every post has a frame that says what was read of it, and the person says
 * whether that is right. Nothing is kept before they do.
 */
import { plural, t } from "../../shared/i18n";
import { send } from "../../shared/send";
import type { Site } from "../../sites/types";
import { host } from "../frame";
import { copyText } from "../inserter/clipboard";
import { attempt } from "../toolbar/attempt";
import { button } from "../toolbar/button";
import { showNotice } from "../toolbar/notice";
import { Card } from "./card";
import { Frames } from "./frames";
import { reportOf } from "./report";
import { type Found, findPosts, having } from "./survey";
import type { TeachingGround } from "./teaching";

/** What the page adds while one looks is counted too. */
const AGAIN = 700; // ms

export class Check {
  readonly #site: Site;
  readonly #ground: TeachingGround;
  readonly #frames = new Frames();
  readonly #card: Card;
  readonly #timer: ReturnType<typeof setInterval>;
  #shown = "";

  readonly #then: () => void;

  constructor(site: Site, ground: TeachingGround, then: () => void) {
    this.#then = then;
    this.#site = site;
    this.#ground = ground;
    this.#card = new Card(t("toolbar_check_title"), () => this.end());
    ground.tryOut(true);
    this.#look();
    this.#timer = setInterval(() => document.visibilityState === "visible" && this.#look(), AGAIN);
  }

  #look(): void {
    const posts = findPosts(this.#site);
    const shown = posts.map(({ author, missing }) => `${author}:${missing.join()}`).join();
    if (shown === this.#shown && this.#card.isOpen && posts.every(({ element }) => element.isConnected)) return;
    this.#shown = shown;
    this.#frames.show(
      posts.map((post) => ({
        element: post.element,
        words: wordsOf(post),
        look: post.missing.length > 0 ? "warn" : "good",
      })),
    );
    this.#say(posts);
  }

  #say(posts: Found[]): void {
    if (posts.length === 0) {
      const no = button(t("toolbar_close"), () => this.end(), { class: "btn" });
      this.#card.show(t("toolbar_check_none", { host }), [no]);
      return;
    }
    const counted = [
      plural("toolbar_check_posts", posts.length),
      plural("toolbar_check_authors", having(posts, "author")),
      plural("toolbar_check_links", having(posts, "url")),
      plural("toolbar_check_texts", having(posts, "text")),
    ].join(" · ");
    this.#card.show(counted, [
      button(t("toolbar_check_yes"), () => void this.#answer(true), { class: "btn go" }),
      button(t("toolbar_check_no"), () => void this.#answer(false), { class: "btn" }),
      button(t("toolbar_cancel"), () => this.end(), { class: "btn" }),
    ]);
  }

  async #answer(on: boolean): Promise<void> {
    const ask = { host, network: this.#site.id };
    // Before the person can scroll on; the report is of what they saw.
    const report = on ? "" : reportOf(this.#site, this.#ground.missing());
    if (!(await attempt(() => send("site.confirm", { ...ask, on })))) return;
    await this.#ground.refresh(); // so that no mark goes and comes back
    this.end();
    if (on) this.#then();
    if (on) {
      const undo = () => void attempt(() => send("site.confirm", { ...ask, on: false }));
      showNotice({ text: t("toolbar_check_on", { host: ask.host }), act: { words: t("toolbar_undo"), run: undo } });
      return;
    }
    const copy = async () => {
      const copied = await copyText(report, document.documentElement);
      showNotice(copied ? { text: t("toolbar_report_copied") } : { text: t("toolbar_report"), copy: report });
    };
    showNotice({
      text: t("toolbar_check_off", { host: ask.host }),
      act: { words: t("toolbar_report_copy"), run: () => void copy() },
    });
  }

  end(): void {
    clearInterval(this.#timer);
    this.#frames.end();
    this.#card.end();
    this.#ground.tryOut(false);
  }
}

/** "Maud — Is the terrace open on Sund…" or what is missing. */
function wordsOf({ author, text, missing }: Found): string {
  if (missing.length > 0) return missing.map((name) => t(`toolbar_check_no_${name}`)).join(", ");
  const words = text.replace(/\s+/g, " ");
  return `${author} — ${words.length > 40 ? `${words.slice(0, 40).trimEnd()}…` : words}`;
}
