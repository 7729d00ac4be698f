/** What stands behind ⋯ of a post. */
import { t } from "../../shared/i18n";
import { send } from "../../shared/send";
import type { Known } from "../drawing/posts";
import { copyText } from "../inserter/clipboard";
import { pictureIn } from "../pictures/which";
import { attempt } from "../toolbar/attempt";
import { drawMenu, type Item } from "../toolbar/menu";
import { showNotice } from "../toolbar/notice";
import type { Toolbar } from "../toolbar/toolbar";
import type { Acting, Ground } from "./acting";
import { siteMenu } from "./site_menu";

export function openPostMenu(acting: Acting, ground: Ground, known: Known, toolbar: Toolbar, more: HTMLElement): void {
  const { acts } = ground;
  const items: (Item | null)[] = [
    {
      icon: "save",
      words: t("toolbar_save_with"),
      run: () => void acting.saveWith(known, toolbar, (what) => acts.save(known, what)),
    },
    { icon: "share", words: t("toolbar_share"), run: () => acts.share(known) },
    ...ofImage(ground, known),
    {
      icon: "shorten",
      words: t("toolbar_shorten"),
      run: () => void acts.forOne(known, () => attempt(() => shorten(ground, known))),
    },
    null,
    ...siteMenu(ground),
  ];
  toolbar.openMenu(more, (close) => drawMenu(t("toolbar_more"), items, "", close));
}

/** The short link of a post, in the clipboard. */
async function shorten({ acts, state }: Ground, known: Known): Promise<void> {
  const { url, text } = acts.freshOf(known);
  const short = await send("shorten", { url, title: text.slice(0, 80), ...state.of() });
  const copied = await copyText(short.url, document.documentElement);
  showNotice({
    text: short.why ? t(short.why) : t(copied ? "toolbar_link_copied" : "toolbar_link"),
    copy: short.url,
  });
}

/** The way to its picture for the keyboard, where the button at pictures is on. */
function ofImage({ acts, state }: Ground, known: Known): Item[] {
  const image = state.now.pictures ? pictureIn(known.element) : null;
  if (!image) return [];
  const share = (edit: boolean) => () => acts.shareImage(image, edit);
  return [
    { icon: "picture", words: t("toolbar_picture_share"), run: share(false) },
    { icon: "picture", words: t("toolbar_picture_edit"), run: share(true) },
  ];
}
