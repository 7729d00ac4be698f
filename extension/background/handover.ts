/** The app in a plain tab of the paired server hands over what only the extension can do: answering in a page. */
import { api } from "../shared/browser";
import { getLocal } from "../shared/storage";
import { openMention } from "./opening";
import { patternOf, siteState } from "./sites";

const SCRIPT_ID = "handover";

export function watchHandover(): void {
  const again = () => void registerHandover();
  api.runtime.onInstalled.addListener(again);
  api.runtime.onStartup.addListener(again);
  api.permissions.onAdded.addListener(again);
  api.storage.onChanged.addListener((changes, area) => {
    if (area === "local" && (changes.server || changes.token)) again();
  });
}

let registering: Promise<void> = Promise.resolve();

/** Only on the server that this browser is paired with, and only on the app's own pages. */
function registerHandover(): Promise<void> {
  registering = registering
    .catch(() => undefined)
    .then(async () => {
      const [server, token] = await Promise.all([getLocal("server"), getLocal("token")]);
      const registered = (await api.scripting.getRegisteredContentScripts({ ids: [SCRIPT_ID] })).length > 0;
      const possible = Boolean(token) && URL.canParse(server);
      const origins = possible ? [patternOf(server)] : [];
      if (!possible || !(await api.permissions.contains({ origins }))) {
        if (registered) await api.scripting.unregisterContentScripts({ ids: [SCRIPT_ID] });
        return;
      }
      const script = {
        id: SCRIPT_ID,
        matches: origins.map((pattern) => pattern.replace(/\*$/, "-/app/*")),
        js: ["extension/build/handover.js"],
        runAt: "document_start" as const,
        persistAcrossSessions: true,
      };
      if (registered) await api.scripting.updateContentScripts([script]);
      else await api.scripting.registerContentScripts([script]);
    });
  return registering;
}

/** Whether a page is the app on the server that this browser is paired with. */
export async function isOurApp(address: string | undefined): Promise<boolean> {
  if (!address || !URL.canParse(address) || !(await getLocal("token"))) return false;
  const { origin, pathname } = new URL(address);
  return origin === new URL(await getLocal("server")).origin && pathname.startsWith("/-/app/");
}

/** The page with the toolbar unfolded; where its site is not switched on yet, a tab of ours asks for that first. */
export async function openForApp(url: string): Promise<void> {
  const { possible, on } = await siteState(url);
  await openMention(url, possible || on);
  if (!possible || on) return;
  const page = api.runtime.getURL("extension/build/allow/index.html");
  await api.tabs.create({ url: `${page}?${new URLSearchParams({ url })}` });
}
