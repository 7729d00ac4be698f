/**
 * What the background says to pages and content scripts by itself. Nobody listening is no error, and nobody is waited for:
 * a page that hangs, or that the browser froze, answers when it runs again, and news for the others may not wait for it.
 */
import { api } from "../shared/browser";
import type { Inquiry, Push } from "../shared/messages";

/** After so long without an answer a tab counts as told: it shows it when it runs again. */
const PATIENCE_MS = 1000;

/** To popup, panel and app. */
export function pushToPages(push: Push): void {
  api.runtime.sendMessage(push).catch(() => undefined);
}

/** To the content script of one tab. False when there is none. */
export async function pushToTab(tabId: number, push: Push): Promise<boolean> {
  const heard = api.tabs.sendMessage(tabId, push).then(
    () => true,
    () => false,
  );
  return Promise.race([heard, new Promise<true>((resolve) => setTimeout(() => resolve(true), PATIENCE_MS))]);
}

/** To every content script. Those in tabs that nobody sees keep it until they are seen. */
export async function pushToTabs(push: Push): Promise<void> {
  for (const { id, discarded } of await api.tabs.query({})) {
    if (id !== undefined && !discarded) api.tabs.sendMessage(id, push).catch(() => undefined);
  }
}

/** Asks the page in a tab (its own frame, not those inside). null: nothing of ours runs there. */
export async function askPage<T>(tabId: number, inquiry: Inquiry): Promise<T | null> {
  const answer: unknown = await api.tabs.sendMessage(tabId, { inquiry }, { frameId: 0 }).catch(() => null);
  return (answer ?? null) as T | null;
}
