/**
 * What one can do from the bar of a text box: saved replies, links shortened, scheduling instead, and behind ⋯ the card
 * of a link, the campaign of links, and what belongs to the page.
 */
import { t } from "../../shared/i18n";
import type { BoxAbout } from "../../shared/messages";
import { send } from "../../shared/send";
import { type Caret, keepCaret, putCaret } from "../inserter/caret";
import type { Editor } from "../inserter/detect";
import { Words } from "../inserter/words";
import { attempt } from "../toolbar/attempt";
import { accountOf } from "../toolbar/bar";
import { button, rename } from "../toolbar/button";
import { beside, Float } from "../toolbar/float";
import type { Host } from "../toolbar/host";
import { drawMenu, type Item } from "../toolbar/menu";
import { Panel } from "../toolbar/panel";
import { picturesOf } from "./attached";
import { type BoxHooks, brandOf, pageAround } from "./box";
import { drawCampaign } from "./campaign";
import { drawCard } from "./card";
import { linksOf, shortenLinks } from "./shorten";

const SLOW = 1000; // ms, from then on the button says that it works
export const NOTHING: BoxAbout = { counting: null, campaign: "", campaigns: [] };

/** What the tools work on. */
export interface Bench {
  host: Host;
  hooks: BoxHooks;
  /** The box that has the bar. */
  editor(): Editor | null;
  /** Where the bar is on the screen. */
  place(): DOMRect;
  /** The keys go back into the box. */
  back(): void;
  /** The bar at this box, anew. */
  open(editor: Editor): void;
}

export class Tools {
  /** What the server says of this box. */
  about: BoxAbout = NOTHING;
  readonly #bench: Bench;
  readonly #floating = new Float();
  #shortening: HTMLElement | null = null;

  constructor(bench: Bench) {
    this.#bench = bench;
  }

  /** Something of them is open. */
  get isOpen(): boolean {
    return this.#floating.isOpen;
  }

  close(): void {
    this.#floating.close();
    this.about = NOTHING;
  }

  #float(content: HTMLElement, anchor: () => DOMRect): void {
    this.#floating.open(this.#bench.host.body, content, beside(anchor, "right"), () => this.#floating.close());
  }

  readonly #done = () => {
    this.#floating.close();
    this.#bench.back();
  };

  // --- behind ⋯ ---

  openMenu(more: HTMLElement): void {
    const { hooks, back } = this.#bench;
    const menu = drawMenu(t("toolbar_more"), this.#items(), hooks.note(), (returns) => {
      this.#floating.close();
      if (returns) back();
    });
    this.#float(menu, () => more.getBoundingClientRect());
    menu.querySelector("button")?.focus();
  }

  /** What can be done with this box beside what the bar shows. */
  #items(): (Item | null)[] {
    const { hooks } = this.#bench;
    const editor = this.#bench.editor();
    const own: (Item | null)[] = [];
    if (editor && hooks.state().paired) {
      const link = linksOf(editor).at(-1);
      if (link)
        own.push({ icon: "card", words: t("toolbar_compose_see_card"), run: () => this.#openCard(link, editor) });
      const { campaign } = this.about;
      const words = campaign ? t("toolbar_compose_campaign", { name: campaign }) : t("toolbar_compose_campaign_name");
      own.push({ icon: "campaign", words, run: () => this.#openCampaign() }, null);
    }
    return [...own, ...hooks.menu()];
  }

  #openCard(link: string, editor: Editor): void {
    const { hooks, place } = this.#bench;
    const { network, name } = hooks.boxOf(editor);
    const card = drawCard(link, network, name, brandOf(hooks.state()), this.#done);
    this.#float(card, place);
    card.querySelector("button")?.focus();
  }

  #openCampaign(): void {
    const { campaign, campaigns } = this.about;
    const of = brandOf(this.#bench.hooks.state());
    const choose = (name: string) => {
      this.#done();
      const names = name ? [name, ...campaigns.filter((one) => one !== name)] : campaigns;
      void attempt(async () => {
        await send("campaign.use", { name, ...of });
        this.about = { ...this.about, campaign: name, campaigns: names };
      });
    };
    const form = drawCampaign({ now: campaign, names: campaigns, choose, close: this.#done });
    this.#float(form, this.#bench.place);
    form.querySelector("input")?.focus();
  }

  // --- scheduling ---

  /** The app's composer with what is written here; the box stays as it is. */
  async schedule(): Promise<void> {
    const { hooks } = this.#bench;
    const editor = this.#bench.editor();
    if (!editor || !(await hooks.ready(editor.root))) return;
    const { network, composer } = hooks.boxOf(editor);
    const images = picturesOf(editor.root, composer?.attached)?.urls ?? [];
    const { handle: account } = hooks.state();
    const text = new Words(editor).text;
    const shared = { url: "", text, images, schedule: true, network, account, ...brandOf(hooks.state()) };
    void attempt(() => send("share", shared));
  }

  // --- saved replies ---

  /** For what is answered in the box. False where there is none. */
  openPanel(): boolean {
    const editor = this.#bench.editor();
    if (!editor?.root.isConnected) return false;
    void this.#openPanel(editor, keepCaret(editor));
    return true;
  }

  async #openPanel(editor: Editor, caret: Caret): Promise<void> {
    const { hooks, place } = this.#bench;
    const isHere = () => this.#bench.editor()?.root === editor.root;
    if (!(await hooks.ready(editor.root)) || !isHere()) return;
    const state = hooks.state();
    const answered = hooks.postOf(editor);
    const about = answered ?? { post: pageAround(editor), intent: null };
    const panel = new Panel({
      ...about,
      account: accountOf(state),
      brand_id: state.brand?.id ?? "",
      choose: (choice) => {
        this.#floating.close();
        hooks.insert(choice, about.post, editor, caret);
      },
      close: this.#done,
    });
    if (answered) {
      const go = await hooks.mayAnswer(editor.root, answered.post.url, panel);
      if (!editor.root.isConnected) return;
      if (!go) return putCaret(editor, caret);
      // The question took the keys, and the bar closed behind it.
      if (!isHere()) this.#bench.open(editor);
    }
    this.#float(panel.node, place);
    void panel.start();
  }

  // --- links ---

  drawShorten(): HTMLElement {
    this.#shortening = button(t("toolbar_shorten_box"), () => void this.shortenAll());
    return this.#shortening;
  }

  /** All links of the box, at once. False where there is no box. */
  shortenAll(): boolean {
    const editor = this.#bench.editor();
    if (!editor?.root.isConnected) return false;
    void this.#shorten(editor, keepCaret(editor));
    return true;
  }

  async #shorten(editor: Editor, caret: Caret): Promise<void> {
    const { hooks } = this.#bench;
    if (this.#shortening?.ariaBusy === "true" || !(await hooks.ready(editor.root))) return;
    const made = this.#shortening;
    if (made) made.ariaBusy = "true";
    const slow = setTimeout(() => made && rename(made, t("toolbar_compose_shortening")), SLOW);
    const { network } = hooks.boxOf(editor);
    await shortenLinks(editor, caret, network, brandOf(hooks.state()));
    clearTimeout(slow);
    if (!made) return;
    made.ariaBusy = null;
    rename(made, t("toolbar_shorten_box"));
  }
}
