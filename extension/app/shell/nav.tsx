import {
  Bell,
  ChevronDown,
  Ellipsis,
  Inbox,
  Link,
  ListChecks,
  MessageSquareText,
  Plus,
  Radio,
  Route,
  Settings,
  SquarePen,
  Sun,
} from "lucide";
import { useEffect } from "preact/hooks";
import type { Client } from "../../shared/api";
import { t } from "../../shared/i18n";
import type { Brand } from "../../shared/types";
import { Icon, Mark, Menu, type MenuItem, useLoad } from "../../shared/ui";
import { type PageName, writeRoute } from "../router";

interface NavProps {
  page: PageName;
  brands: Brand[];
  brand: Brand | null;
  client: Client;
  go: (page: string, params?: Record<string, string>) => void;
  onBrand: (brand: Brand) => void;
}

const ENTRIES = [
  { page: "today", icon: Sun },
  { page: "inbox", icon: Inbox },
  { page: "compose", icon: SquarePen },
  { page: "links", icon: Link },
  { page: "replies", icon: MessageSquareText },
  { page: "listening", icon: Radio },
  { page: "alerts", icon: Bell },
  { page: "rules", icon: ListChecks },
] as const;
/** Where the screen is narrow these stand behind *More*: four and *More* are what 360 px have room for. */
const BEHIND: readonly PageName[] = ["replies", "listening", "alerts", "rules", "welcome", "settings"];

/** The left side (a bar at the bottom where the screen is narrow): pages that exist, the brand in use, settings. */
export function Nav({ page: shown, brands, brand, client, go, onBrand }: NavProps) {
  // Sources stand behind what they are listened to for.
  const page = shown === "sources" ? "listening" : shown;
  const fresh = useLoad(async () => {
    if (!brand) return 0;
    const asked = { brand_id: brand.id, status: "new", about_us: "yes,no" }; // as the tab of that name counts
    return (await client.get<{ total: number }>("/mentions/stats", asked)).total;
  }, [client, brand?.id]);
  useEffect(
    () => client.onChange((kinds) => kinds.some((kind) => /^(mention\.|$)/.test(kind)) && fresh.reload()),
    [client],
  );
  const link = (name: PageName, icon: (typeof ENTRIES)[number]["icon"], count = 0) => (
    <a
      href={writeRoute(name)}
      aria-current={page === name ? "page" : undefined}
      class={brand && BEHIND.includes(name) ? "entry behind" : "entry"}
    >
      <Icon icon={icon} />
      <span class="name">{t(`app_${name}`)}</span>
      {name === "inbox" && <span class="short">{t("app_inbox_short")}</span>}
      {count > 0 && <em>{count > 999 ? "999+" : count}</em>}
    </a>
  );
  return (
    <nav class="nav" aria-label={t("app_pages")}>
      <div class="house">
        <Mark size={24} />
        <b>Entregent</b>
      </div>
      {brand && ENTRIES.map((entry) => link(entry.page, entry.icon, entry.page === "inbox" ? fresh.value : 0))}
      {link("welcome", Route)}
      <span class="space" />
      {brand && (
        <Menu
          label={`${t("popup_brand")}: ${brand.name}`}
          items={brandItems(brands, brand, onBrand, go)}
          class="entry behind"
        >
          <span class="cut">{brand.name}</span>
          <Icon icon={ChevronDown} />
        </Menu>
      )}
      {brand && link("settings", Settings)}
      {brand && (
        <Menu
          label={t("app_more_pages")}
          items={moreItems(page, go, brandItems(brands, brand, onBrand, go))}
          class={BEHIND.includes(page) ? "entry more here" : "entry more"}
        >
          <Icon icon={Ellipsis} />
          <span>{t("app_more")}</span>
        </Menu>
      )}
    </nav>
  );
}

function brandItems(brands: Brand[], brand: Brand, onBrand: NavProps["onBrand"], go: NavProps["go"]): MenuItem[] {
  return [
    ...brands.map((one) => ({ label: one.name, checked: one.id === brand.id, run: () => onBrand(one) })),
    { label: t("app_add_brand"), icon: Plus, separated: true, run: () => go("settings", { part: "brand", add: "1" }) },
  ];
}

function moreItems(page: PageName, go: NavProps["go"], brands: MenuItem[]): MenuItem[] {
  const icons = {
    replies: MessageSquareText,
    listening: Radio,
    alerts: Bell,
    rules: ListChecks,
    welcome: Route,
    settings: Settings,
  };
  const pages = (["replies", "listening", "alerts", "rules", "welcome", "settings"] as const).map((name) => ({
    label: t(`app_${name}`),
    icon: icons[name],
    ...(page === name && { checked: true }),
    run: () => go(name),
  }));
  return [...pages, ...brands.map((item, at) => (at === 0 ? { ...item, separated: true } : item))];
}
