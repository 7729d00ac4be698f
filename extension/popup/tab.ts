import { useEffect, useState } from "preact/hooks";
import { api } from "../shared/browser";
import { useTurns } from "../shared/ui";

export interface ActiveTab {
  id: number;
  url: string;
  title: string;
}

/** The tab beside us. Its address is known only where the person let us see it (a click on the icon does). */
export function useActiveTab(): ActiveTab | null {
  const [tab, setTab] = useState<ActiveTab | null>(null);
  const begin = useTurns();
  useEffect(() => {
    const look = async () => {
      const counts = begin();
      const found = await tabBesideUs();
      if (!counts()) return;
      setTab(found?.id !== undefined && found.url ? { id: found.id, url: found.url, title: found.title ?? "" } : null);
    };
    const updated = (_id: number, change: { url?: string; title?: string }) =>
      void ((change.url || change.title) && look());
    const activated = () => void look();
    void look();
    api.tabs.onActivated.addListener(activated);
    api.tabs.onUpdated.addListener(updated);
    return () => {
      begin();
      api.tabs.onActivated.removeListener(activated);
      api.tabs.onUpdated.removeListener(updated);
    };
  }, []);
  return tab;
}

/** The active tab; where that is ourselves (phones open popups as tabs), the one the person came from. */
async function tabBesideUs(): Promise<chrome.tabs.Tab | undefined> {
  const [active] = await api.tabs.query({ active: true, currentWindow: true });
  const own = api.runtime.getURL("");
  if (!active?.url?.startsWith(own)) return active;
  const others = (await api.tabs.query({ currentWindow: true })).filter(({ url }) => !url?.startsWith(own));
  return others.sort((a, b) => (b.lastAccessed ?? 0) - (a.lastAccessed ?? 0))[0];
}

/** A page of ours asks for access: where Firefox's popup would close under the question, or for several networks. */
export function openAllowPage(params: Record<string, string>): void {
  void api.tabs.create({
    url: `${api.runtime.getURL("extension/build/allow/index.html")}?${new URLSearchParams(params)}`,
  });
  // The side panel stays.
  if (location.pathname.includes("/popup/")) window.close();
}
