/**
 * Never as the wrong client: who is logged in is read from the page when it matters (a panel opens, a reply goes in),
 * and where that is not an account of the reply's brand, the reply waits for one click that says both names.
 */
import { t } from "../../shared/i18n";
import type { OfPage, Verdict } from "../../shared/messages";
import { send } from "../../shared/send";
import { checkOrphaned } from "../orphan";
import type { State } from "../state";
import { askPerson, type Question } from "../toolbar/ask";
import { attempt } from "../toolbar/attempt";
import { showNotice } from "../toolbar/notice";

export class Client {
  readonly #state: State;

  constructor(state: State) {
    this.#state = state;
  }

  /** Whether this page works for one brand now; where several have the account in use, the person says which. */
  async isKnown(near: Element): Promise<boolean> {
    await this.#state.look();
    const { whose, among, handle } = this.#state.now;
    if (whose !== "shared") return true;
    const answers = among.map(({ id, name }) => ({ words: name, value: id }));
    const text = t("toolbar_which_why", { account: handle });
    const brand_id = await askPerson({ title: t("toolbar_which"), text, answers }, near);
    if (!brand_id) return false;
    await attempt(() => send("client.settle", { ...this.#state.page(), brand_id }));
    await this.#state.refresh();
    return this.#state.now.whose !== "shared";
  }

  /** Whether a reply of this brand may go in beside `near` this very moment. */
  async agrees(brand_id: string, near: Element): Promise<boolean> {
    if (!brand_id) return true; // not connected: nobody's reply but the person's own
    for (;;) {
      const page = this.#state.page();
      void this.#state.look();
      let verdict: Verdict;
      try {
        verdict = await send("client.check", { ...page, brand_id });
      } catch (error) {
        checkOrphaned(error);
        return false;
      }
      if (verdict.ask === "no") return true;
      const answer = await askPerson(question(verdict, page.account), near);
      if (!answer) return false;
      // Switched to the right one, or to another, while the question stood there: that is another question.
      if (this.#state.page().account !== page.account) continue;
      if (answer === "remember") void this.#remember({ ...page, brand_id }, verdict.reply_brand);
      if (verdict.ask === "unread") void attempt(() => send("client.settle", { ...page, brand_id }));
      return true;
    }
  }

  /** The account in use is the brand's of this page, from now on. */
  async remember(): Promise<void> {
    const { brand } = this.#state.now;
    if (brand) await this.#remember({ ...this.#state.page(), brand_id: brand.id }, brand.name);
  }

  async #remember(ask: OfPage & { brand_id: string }, brand: string): Promise<void> {
    await attempt(async () => {
      const { kept } = await send("client.remember", ask);
      await this.#state.refresh();
      const undo = () =>
        void attempt(async () => {
          await send("client.remember", { ...ask, undo: true });
          await this.#state.refresh();
        });
      showNotice({
        text: t(kept === "brand" ? "toolbar_remembered" : "toolbar_remembered_here", { account: ask.account, brand }),
        act: { words: t("toolbar_undo"), run: undo },
      });
    });
  }
}

function question({ ask, reply_brand: brand, account_brand: other }: Verdict, account: string): Question {
  const once = { words: t("toolbar_insert_once"), value: "once" };
  if (ask === "unread") {
    const text = t("toolbar_unread_why");
    return { title: t("toolbar_insert_for", { brand }), text, answers: [{ ...once, words: t("toolbar_insert") }] };
  }
  const title = t("toolbar_insert_as", { account });
  if (ask === "foreign") return { title, text: t("toolbar_foreign_why", { account, brand, other }), answers: [once] };
  const remember = { words: t("toolbar_is_ours", { brand }), value: "remember" };
  return { title, text: t("toolbar_other_why", { brand }), answers: [once, remember] };
}
