/** Opening the page of a mention, and unfolding its toolbar there once the page has one. */
import { api } from "../shared/browser";
import { siteState } from "./sites";
import { changePassing, loadPassing, savePassing } from "./store";

/** The person answers the browser's question in this time; a grant that comes later is about something else. */
const ASKED_FOR = 2 * 60_000; // ms

/**
 * With `answer`, on a site that is not switched on yet, the page waits for the access that the caller asks for in the
 * same click: `openWaiting` opens it then, even if the popup closed meanwhile.
 */
export async function openMention(url: string, answer: boolean): Promise<void> {
  if (!/^https?:\/\//i.test(url)) return;
  if (answer && !(await siteState(url)).on) {
    await savePassing({ open_after_grant: { url, at: Date.now() } });
    return;
  }
  if (!answer) {
    await api.tabs.create({ url });
    return;
  }
  // Noted before the tab is there: a page that loads at once asks before we know its tab.
  await changePassing("answers", (all) => ({ ...all, next: [...all.next, url] }));
  const tab = await api.tabs.create({ url }).catch(() => null);
  await changePassing("answers", (all) => {
    if (!all.next.includes(url)) return all; // told already
    const next = without(all.next, url);
    return tab?.id === undefined ? { ...all, next } : { in: { ...all.in, [tab.id]: url }, next };
  });
}

/** One of them is taken out: the same page may be opened twice. */
const without = (all: string[], url: string) => all.toSpliced(all.indexOf(url), 1);

let opening: Promise<void> = Promise.resolve();

/** Open what waited for a grant, once, however many events tell of the grant. */
export function openWaiting(): Promise<void> {
  opening = opening
    .catch(() => undefined)
    .then(async () => {
      const waiting = await loadPassing("open_after_grant");
      if (!waiting) return;
      const late = Date.now() - waiting.at > ASKED_FOR;
      if (!late && !(await siteState(waiting.url)).on) return;
      await savePassing({ open_after_grant: null });
      if (!late) await openMention(waiting.url, true);
    });
  return opening;
}

/** The address whose toolbar shall unfold in this tab, told once. */
export async function takeAnswerIn(tabId: number, address: string): Promise<string | undefined> {
  let told: string | undefined;
  await changePassing("answers", (all) => {
    if (all.next.includes(address)) {
      told = address;
      return { ...all, next: without(all.next, address) };
    }
    const { [tabId]: url, ...others } = all.in;
    told = url;
    return url === undefined ? all : { ...all, in: others };
  });
  return told;
}
