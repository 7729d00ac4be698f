/** What the toolbar beside a text box is told of the box, and what it reads where nobody can tell it. */
import type { PagePost, PageState } from "../../shared/messages";
import type { Composer } from "../../sites/types";
import { host } from "../frame";
import type { Caret } from "../inserter/caret";
import { type Editor, visibleText } from "../inserter/detect";
import type { Item } from "../toolbar/menu";
import type { Choice, Panel } from "../toolbar/panel";

export interface BoxHooks {
  state(): PageState;
  /** What is answered in this box, where the site's adapter knows it. */
  postOf(editor: Editor): { post: PagePost; intent: string | null } | null;
  /** Whether it is known which brand this page is for, now. */
  ready(near: Element): Promise<boolean>;
  /** Whether to answer a post: where somebody did or does, the person is asked first. */
  mayAnswer(near: Element, url: string, panel: Panel): Promise<boolean>;
  insert(choice: Choice, post: PagePost, editor: Editor, caret: Caret): void;
  /** How the site's adapter knows this box, where it does; the network that counts in it; the network's name. */
  boxOf(editor: Editor): { composer: Composer | null; limit: string | null; network: string; name: string };
  menu(): (Item | null)[];
  /** Why there is no toolbar on the posts here, "" when there is one. */
  note(): string;
}

/** For asks that belong to the brand of this page. */
export function brandOf({ brand }: PageState): { brand_id?: string } {
  return brand ? { brand_id: brand.id } : {};
}

/** A page that no adapter knows: what stands around the box, else the page's title. */
export function pageAround(editor: Editor): PagePost {
  const { root } = editor;
  let text = "";
  for (let at = root.parentElement; at && at !== document.body; at = at.parentElement) {
    const words = visibleText({ kind: "plain", root: at }).replace(visibleText(editor), "").trim();
    if (words.length > 4000) break;
    text = words;
    if (words.length > 200) break;
  }
  return {
    url: location.href,
    network: host,
    author: "",
    author_url: "",
    text: text.length > 40 ? text : document.title,
    published_at: null,
  };
}
