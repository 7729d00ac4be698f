/** The right-click menu: Shorten, Share and Schedule on anything, Watch this term on a selection, this hashtag on a link to one, this site and this page on a page or link. */
import { api } from "../shared/browser";
import { HASHTAG_LINKS, hashtagIn, hashtagOfAddress } from "../shared/hashtag";
import { errorText, t } from "../shared/i18n";
import { brandIn } from "./client";
import { copyText } from "./clipboard";
import { notifyTab } from "./notices";
import { runOrQueue } from "./queue";
import { openComposer } from "./share";
import { useLanguage } from "./store";
import { sayDone, type TaskName, type Tasks } from "./tasks";

type Info = chrome.contextMenus.OnClickData;
type Tab = chrome.tabs.Tab | undefined;
type Contexts = NonNullable<chrome.contextMenus.CreateProperties["contexts"]>;

const WEB_PAGES = ["http://*/*", "https://*/*"];

export function offerMenus(): void {
  api.runtime.onInstalled.addListener(() => void makeMenus());
  api.runtime.onStartup.addListener(() => void makeMenus());
  api.contextMenus.onClicked.addListener((info, tab) => void runMenu(info, tab));
  // The language may be chosen in any of our pages.
  api.storage.onChanged.addListener((changes, area) => void (area === "local" && changes.language && makeMenus()));
}

let making: Promise<void> = Promise.resolve();

function makeMenus(): Promise<void> {
  making = making
    .catch(() => undefined)
    .then(async () => {
      await useLanguage();
      await api.contextMenus.removeAll();
      const anything: Contexts = ["page", "link", "image", "selection"];
      add("shorten", t("menu_shorten"), anything);
      add("share", t("menu_share"), anything);
      add("schedule", t("menu_schedule"), anything);
      add("watch.term", t("menu_watch_term"), ["selection"]);
      add("watch.tag", t("menu_watch_tag"), ["link"], HASHTAG_LINKS);
      add("watch.site", t("menu_watch_site"), ["page", "link"]);
      add("watch.page", t("menu_watch_page"), ["page", "link"]);
      add("round.add", t("menu_round_add"), ["page", "link"]);
    });
  return making;
}

function add(id: string, title: string, contexts: Contexts, links?: string[]): void {
  const only = links && { targetUrlPatterns: links };
  const item = { id, title, contexts, documentUrlPatterns: WEB_PAGES, ...only };
  api.contextMenus.create(item, () => void api.runtime.lastError);
}

/** What a right-click asked for. Always ends in a notice. */
export async function runMenu(info: Info, tab: Tab): Promise<void> {
  await useLanguage();
  const url = addressOf(info, tab);
  const title = info.linkUrl || info.srcUrl ? "" : (tab?.title ?? "");
  switch (info.menuItemId) {
    case "shorten":
      return runAndTell("shorten", { url, title }, tab);
    case "share":
    case "schedule": {
      const text = info.selectionText?.trim() || title;
      const image = info.mediaType === "image" ? info.srcUrl : undefined;
      const shared = {
        ...(await brandIn(tab)),
        url: info.pageUrl && image && !info.linkUrl ? info.pageUrl : url,
        text,
        ...(image && { images: [image] }),
      };
      return openComposer({ ...shared, schedule: info.menuItemId === "schedule" }, tab?.id);
    }
    case "watch.term": {
      const tag = hashtagIn(info.selectionText ?? "");
      if (tag) return runAndTell("watch.tag", { tag, url: "" }, tab);
      return runAndTell("watch.term", { term: (info.selectionText ?? "").trim().slice(0, 200) }, tab);
    }
    case "watch.tag":
      return runAndTell("watch.tag", { tag: hashtagOfAddress(url), url }, tab);
    case "watch.page":
      return runAndTell("watch.page", { url, title: title }, tab);
    case "watch.site":
      return runAndTell("watch.site", { url, title }, tab);
    case "round.add":
      return runAndTell("round.add", { url, title: title.slice(0, 200) }, tab);
  }
}

/** The address of the page in a tab, into the clipboard. Ends in a notice. */
export async function shortenPage(tab: chrome.tabs.Tab): Promise<void> {
  await useLanguage();
  if (tab.url && /^https?:/i.test(tab.url)) await runAndTell("shorten", { url: tab.url, title: tab.title ?? "" }, tab);
}

async function runAndTell<K extends TaskName>(task: K, asked: Tasks[K]["ask"], tab: Tab): Promise<void> {
  const result = await runOrQueue(task, { ...(await brandIn(tab)), ...asked });
  if (!result.ok) {
    const { code, message } = result.error;
    return notifyTab(tab?.id, errorText(code, message));
  }
  const { text, copy } = sayDone(task, asked, result.value);
  const copied = copy ? await copyText(copy) : false;
  // What lies in the clipboard needs no button; an address that is not short does need its reason.
  return notifyTab(tab?.id, copied ? `${text} ${t("notice_in_clipboard", { url: copy })}` : text, copied ? "" : copy);
}

/** What was clicked on: a link, an image, a selected address, else the page. */
function addressOf(info: Info, tab: Tab): string {
  const selected = info.selectionText?.trim() ?? "";
  if (info.linkUrl) return info.linkUrl;
  if (info.mediaType === "image" && info.srcUrl?.startsWith("http")) return info.srcUrl;
  if (/^https?:\/\/\S+$/i.test(selected) && URL.canParse(selected)) return selected;
  return info.frameUrl ?? info.pageUrl ?? tab?.url ?? "";
}
