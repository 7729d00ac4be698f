import {
  ChevronDown,
  ExternalLink,
  EyeOff,
  Footprints,
  Image,
  Languages,
  LayoutGrid,
  Link,
  LogOut,
  MessageSquarePlus,
  PanelRight,
  Plus,
  Rss,
  Search,
  Settings,
  SquarePen,
} from "lucide";
import { api, inFirefox } from "../shared/browser";
import { errorText, language, t } from "../shared/i18n";
import type { ExtensionState, SiteState } from "../shared/messages";
import { SendError, send } from "../shared/send";
import { Icon, IconButton, Mark, Menu, type MenuItem, toast } from "../shared/ui";
import type { Sheet } from "./frame";
import { type ActiveTab, openAllowPage } from "./tab";

interface BarProps {
  state: ExtensionState;
  tab: ActiveTab | null;
  site: SiteState | null;
  onSite: (site: SiteState) => void;
  mode: "popup" | "panel";
  open: (sheet: Sheet) => void;
}

/** The first row: brand, Write, what can be added, and the whole app in a tab. */
export function Bar({ state, tab, site, onSite, mode, open }: BarProps) {
  const brand = state.brands.find(({ id }) => id === state.brand_id);
  const openApp = (page: string) => leave(send("open.app", { page }), mode);
  return (
    <header class="bar">
      <Mark />
      <div class="lines">
        <Menu
          label={`${t("popup_brand")}: ${brand?.name ?? "Entregent"}`}
          items={brandItems(state, mode)}
          class="btn ghost who"
        >
          <span class="cut">{brand?.name ?? "Entregent"}</span>
          <Icon icon={ChevronDown} />
        </Menu>
      </div>
      <button type="button" class="btn ghost" onClick={() => openApp("compose")} aria-label={t("popup_write")}>
        <Icon icon={SquarePen} />
        <span class="write-word">{t("popup_write")}</span>
      </button>
      <Menu label={t("popup_add")} items={addItems(tab, site, onSite, open)} class="btn ghost square">
        <Icon icon={Plus} />
      </Menu>
      <IconButton icon={ExternalLink} label={t("popup_open_tab")} onClick={() => openApp("inbox")} />
    </header>
  );
}

function brandItems(state: ExtensionState, mode: "popup" | "panel"): MenuItem[] {
  const items: MenuItem[] = state.brands.map(({ id, name }) => ({
    label: name,
    checked: id === state.brand_id,
    run: () => void send("brand.use", { id }),
  }));
  const panel = mode === "popup" && !inFirefox && api.sidePanel;
  if (panel) items.push({ label: t("popup_panel"), icon: PanelRight, separated: true, run: () => void openPanel() });
  if (mode === "popup" && inFirefox)
    items.push({ label: t("popup_panel"), icon: PanelRight, separated: true, run: openSidebar });
  items.push({ label: t("popup_networks"), icon: LayoutGrid, separated: !panel, run: openNetworks });
  items.push({
    label: t("popup_settings"),
    icon: Settings,
    run: () => leave(send("open.app", { page: "settings" }), mode),
  });
  const other = language() === "fr" ? "en" : "fr";
  items.push({
    label: other === "fr" ? "Français" : "English",
    icon: Languages,
    run: () => void send("language.use", { language: other }),
  });
  items.push({ label: t("popup_disconnect"), icon: LogOut, separated: true, run: () => void send("pair.forget", {}) });
  return items;
}

function addItems(
  tab: ActiveTab | null,
  site: SiteState | null,
  onSite: (site: SiteState) => void,
  open: (sheet: Sheet) => void,
): MenuItem[] {
  const web = tab && /^https?:/.test(tab.url) ? tab : null;
  const items: MenuItem[] = [];
  if (web) items.push({ label: t("popup_listen"), icon: Rss, run: () => open("listen") });
  if (web) items.push({ label: t("popup_shorten_page"), icon: Link, run: () => open("link") });
  items.push({ label: t("popup_save_reply"), icon: MessageSquarePlus, run: () => open("reply") });
  items.push({ label: t("popup_watch_term"), icon: Search, run: () => open("term") });
  if (web) {
    items.push({ label: t("menu_round_add"), icon: Footprints, run: () => void addToRound(web) });
  }
  if (web && site?.on) {
    items.push({
      label: t(site.pictures ? "toolbar_pictures_off" : "toolbar_pictures_on"),
      icon: Image,
      separated: true,
      run: () => void usePictures(web, site, onSite),
    });
    items.push({
      label: t("popup_switch_off", { host: site.host }),
      icon: EyeOff,
      run: () => void switchOff(web, onSite),
    });
  }
  return items;
}

async function switchOff({ url }: ActiveTab, onSite: (site: SiteState) => void): Promise<void> {
  const site = await send("site.off", { url });
  onSite(site);
  // Access that the browser or an administrator gave is not ours to give back.
  if (site.on) toast(t("popup_still_on", { host: site.host }));
}

/** The small button at the pictures of this site, on or off. */
async function usePictures({ url }: ActiveTab, { host, pictures }: SiteState, onSite: (site: SiteState) => void) {
  await send("pictures.use", { host, on: !pictures });
  onSite(await send("site.state", { url }));
  toast(t(pictures ? "popup_pictures_off" : "popup_pictures_on", { host }));
}

async function addToRound({ url, title }: ActiveTab): Promise<void> {
  try {
    const { name } = await send("round.add", { url, title: title.slice(0, 200) });
    toast(t("notice_in_round", { name }));
  } catch (error) {
    if (error instanceof SendError) toast(errorText(error.queued ? "queued" : error.code, error.message));
  }
}

const openNetworks = () => openAllowPage({ networks: "1" });

/** The panel must be opened in the click itself, so its window is asked for without waiting for anything else. */
async function openPanel(): Promise<void> {
  const { id } = await api.windows.getCurrent();
  if (id !== undefined) await api.sidePanel.open({ windowId: id });
  window.close();
}

function openSidebar(): void {
  (api as unknown as { sidebarAction?: { open: () => Promise<void> } }).sidebarAction?.open();
  window.close();
}

/** A popup goes once the tab is open; the panel stays. */
function leave(opening: Promise<unknown>, mode: "popup" | "panel"): void {
  void opening.then(() => mode === "popup" && window.close());
}
