/** What the background says to pages and content scripts by itself. Nobody listening is no error. */
import { api } from "../shared/browser";
import type { Inquiry, Push } from "../shared/messages";

/** To popup, panel and app. */
export async function pushToPages(push: Push): Promise<void> {
  await api.runtime.sendMessage(push).catch(() => undefined);
}

/** To the content script of one tab. False when there is none. */
export async function pushToTab(tabId: number, push: Push): Promise<boolean> {
  return api.tabs.sendMessage(tabId, push).then(
    () => true,
    () => false,
  );
}

/** To every content script. Those in tabs that nobody sees keep it until they are seen. */
export async function pushToTabs(push: Push): Promise<void> {
  const tabs = await api.tabs.query({});
  await Promise.all(tabs.map(({ id, discarded }) => (id === undefined || discarded ? false : pushToTab(id, push))));
}

/** Asks the page in a tab (its own frame, not those inside). null: nothing of ours runs there. */
export async function askPage<T>(tabId: number, inquiry: Inquiry): Promise<T | null> {
  const answer: unknown = await api.tabs.sendMessage(tabId, { inquiry }, { frameId: 0 }).catch(() => null);
  return (answer ?? null) as T | null;
}
