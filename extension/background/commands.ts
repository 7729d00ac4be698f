/** Keyboard commands of the browser. */
import { api } from "../shared/browser";
import { shortenPage } from "./menus";
import { askPage, pushToTab } from "./push";

export function answerCommands(): void {
  api.commands?.onCommand.addListener((command, tab) => void runCommand(command, tab));
}

export async function runCommand(command: string, tab: chrome.tabs.Tab | undefined): Promise<void> {
  if (tab?.id === undefined) return;
  if (command === "reply") await pushToTab(tab.id, { push: "toolbar.focus" });
  // In a box that one writes in: its links. Else, and where nothing of ours runs: the page's own address.
  else if (command === "shorten" && !(await askPage<boolean>(tab.id, "shorten"))) await shortenPage(tab);
}

/** The keys that the browser has for our commands now, by command; "" = none. */
export async function commandKeys(): Promise<Record<string, string>> {
  const all = (await api.commands?.getAll?.()) ?? [];
  return Object.fromEntries(all.map(({ name, shortcut }) => [name ?? "", shortcut ?? ""]));
}
