/**
 * All links of a box, shortened at once: one question to the server, one step of the box's own undo. What cannot be
 * shortened stays, and is said.
 */
import { addressesIn } from "../../shared/counting";
import { errorText, plural, t } from "../../shared/i18n";
import type { AnswerOf, OfBrand } from "../../shared/messages";
import { SendError, send } from "../../shared/send";
import type { Caret } from "../inserter/caret";
import type { Editor } from "../inserter/detect";
import { type Change, replaceWords } from "../inserter/replace";
import { Words } from "../inserter/words";
import { checkOrphaned } from "../orphan";
import { showNotice } from "../toolbar/notice";

/** In a longer text the rest stays for another press. */
const MOST = 50;

export function linksOf(editor: Editor): string[] {
  const { raw } = new Words(editor);
  return [...new Set(addressesIn(raw).map(([from, to]) => raw.slice(from, to)))].filter((url) => URL.canParse(url));
}

/** Always ends in a notice. */
export async function shortenLinks(editor: Editor, caret: Caret, network: string, of: OfBrand): Promise<void> {
  const urls = linksOf(editor);
  if (urls.length === 0) return showNotice({ text: t("toolbar_no_links") });
  let made: AnswerOf<"links.shorten">;
  try {
    made = await send("links.shorten", { urls: urls.slice(0, MOST), network, ...of });
  } catch (error) {
    if (checkOrphaned(error)) return;
    return showNotice({ text: error instanceof SendError ? errorText(error.code, error.message) : String(error) });
  }
  const instead = new Map(made.map(({ asked, url }) => [asked, url]));
  let changed = 0;
  const changes = (text: string): Change[] => {
    const found = addressesIn(text).map(([from, to]) => {
      const before = text.slice(from, to);
      return { from, to, before, text: instead.get(before) ?? before };
    });
    const wanted = found.filter(({ before, text }) => before !== text);
    changed = wanted.length;
    return wanted;
  };
  const done = await replaceWords(editor, caret, changes);
  if (!done)
    return showNotice({ text: t("toolbar_compose_not_replaced"), copy: made.map(({ url }) => url).join("\n") });
  const why = made.find(({ why }) => why)?.why ?? "";
  const stayed = made.filter(({ error }) => error);
  const words = [
    changed > 0 || stayed.length === 0 ? (why ? t(why) : plural("toolbar_shortened_box", changed)) : "",
    stayed.length > 0
      ? `${plural("toolbar_compose_stayed", stayed.length)} ${errorText(stayed[0]!.error, stayed[0]!.message)}`
      : "",
  ];
  showNotice({ text: words.filter(Boolean).join(" ") });
}
