/** Opening the page of a mention, and unfolding its toolbar there once the page has one. */
import { api } from "../shared/browser";
import { patternOf, siteState } from "./sites";
import { loadPassing, savePassing } from "./store";

/**
 * With `answer`, on a site that is not switched on yet, the page waits for the access that the caller asks for in the
 * same click: `openWaiting` opens it then, even if the popup closed meanwhile.
 */
export async function openMention(url: string, answer: boolean): Promise<void> {
  if (!/^https?:\/\//i.test(url)) return;
  if (answer && !(await siteState(url)).on) {
    await savePassing({ open_after_grant: { pattern: patternOf(url), url } });
    return;
  }
  // Noted before the tab is there: a page that loads at once asks before we know its tab.
  if (answer) await savePassing({ answer_next: url });
  const tab = await api.tabs.create({ url });
  if (!answer || tab.id === undefined || (await loadPassing("answer_next")) !== url) return;
  await savePassing({ answer_next: "", answer_in: { ...(await loadPassing("answer_in")), [tab.id]: url } });
}

let opening: Promise<void> = Promise.resolve();

/** Open what waited for a grant, once, however many events tell of the grant. */
export function openWaiting(): Promise<void> {
  opening = opening
    .catch(() => undefined)
    .then(async () => {
      const waiting = await loadPassing("open_after_grant");
      if (!waiting || !(await siteState(waiting.url)).on) return;
      await savePassing({ open_after_grant: null });
      await openMention(waiting.url, true);
    });
  return opening;
}

/** The address whose toolbar shall unfold in this tab, told once. */
export async function takeAnswerIn(tabId: number, address: string): Promise<string | undefined> {
  const next = await loadPassing("answer_next");
  if (next && next === address) {
    await savePassing({ answer_next: "" });
    return next;
  }
  const { [tabId]: url, ...rest } = await loadPassing("answer_in");
  if (url !== undefined) await savePassing({ answer_in: rest });
  return url;
}
