import { EyeOff, MousePointerClick, ScanSearch, TriangleAlert } from "lucide";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Value } from "../content/teaching/survey";
import { api, inFirefox } from "../shared/browser";
import { t } from "../shared/i18n";
import type { PageStatus, SiteState } from "../shared/messages";
import { onPush, send } from "../shared/send";
import { Button, Icon, toast, useTurns } from "../shared/ui";
import { type ActiveTab, openAllowPage } from "./tab";

/** Whether the toolbar is on at the tab beside us; `set` takes what the background answered to a change. */
export function useSite(tab: ActiveTab | null): { site: SiteState | null; set: (site: SiteState) => void } {
  const [site, setSite] = useState<SiteState | null>(null);
  const begin = useTurns();
  const url = tab?.url ?? "";
  const newest = useRef(url);
  newest.current = url;
  useEffect(() => {
    begin();
    setSite(null);
    if (!url) return;
    const look = () => {
      const counts = begin();
      send("site.state", { url }).then(
        (now) => counts() && setSite(now),
        () => undefined,
      );
    };
    look();
    return onPush((push) => push.push === "changed" && push.kinds.includes("sites") && look());
  }, [url]);
  // The tab may be another one by the time a change is answered.
  const set = useCallback((now: SiteState) => {
    const at = newest.current;
    if (!URL.canParse(at) || new URL(at).hostname !== now.host) return;
    begin();
    setSite(now);
  }, []);
  return { site, set };
}

const STATUS_EVERY = 2000; // ms

interface SiteLineProps {
  tab: ActiveTab | null;
  site: SiteState | null;
  onSite: (site: SiteState) => void;
  mode: "popup" | "panel";
  /** The toolbar is on at no site yet: all networks at once can be chosen here, too. */
  nowhere: boolean;
}

export const ChooseNetworks = ({ kind }: { kind?: "primary" }) => (
  <Button kind={kind} onClick={() => openAllowPage({ networks: "1" })}>
    {t("popup_networks_choose")}
  </Button>
);

/** The first line on a site where the toolbar is not on: switch it on here, or show it again where it was hidden. */
export function SiteLine({ tab, site, onSite, mode, nowhere }: SiteLineProps) {
  const url = tab?.url ?? "";
  if (!site?.possible) return null;

  const switchOn = () => {
    if (inFirefox && mode === "popup") return openAllowPage({ url });
    // First of all, in the click: browsers take the question only then.
    const asked = api.permissions.request({ origins: [site.pattern] });
    void asked.then(
      async (granted) => {
        if (!granted) return toast(t("popup_not_granted", { host: site.host }));
        onSite(await send("site.on", { url }));
        toast(t("popup_switched_on", { host: site.host }));
      },
      () => toast(t("popup_not_granted", { host: site.host })),
    );
  };
  if (!site.on)
    return (
      <div class="line">
        <Icon icon={MousePointerClick} />
        <span class="grow">{t("popup_switch_on_text", { host: site.host })}</span>
        <span class="together">
          <Button kind="primary" onClick={switchOn}>
            {t("popup_switch_on")}
          </Button>
          {nowhere && <ChooseNetworks />}
        </span>
      </div>
    );
  if (site.hidden)
    return (
      <div class="line plain">
        <Icon icon={EyeOff} />
        <span class="grow">
          {site.hidden === "ever" ? t("popup_hidden_ever") : t("popup_hidden", { host: site.host })}
        </span>
        <Button onClick={() => void send("site.show", { url }).then(onSite)}>{t("popup_show_again")}</Button>
      </div>
    );
  return tab && <HowItStands tab={tab} host={site.host} mode={mode} />;
}

/** Where the toolbar is on, but not on the posts: why, and what can be done. */
function HowItStands({ tab, host, mode }: { tab: ActiveTab; host: string; mode: "popup" | "panel" }) {
  const status = usePageStatus(tab);
  if (!status) return null;
  const show = (what: "check" | "teach") =>
    void send("page.show", { tab: tab.id, what }).then(() => mode === "popup" && window.close());
  const report = () =>
    void send("page.report", { tab: tab.id })
      .then(({ text }) => navigator.clipboard.writeText(text))
      .then(
        () => toast(t("toolbar_report_copied")),
        () => toast(t("popup_no_report")),
      );
  if (status.on === "unchecked")
    return (
      <div class="line">
        <Icon icon={ScanSearch} />
        <span class="grow">{t("toolbar_unchecked", { host })}</span>
        <Button kind="primary" onClick={() => show("check")}>
          {t("toolbar_check_page")}
        </Button>
      </div>
    );
  if (status.on === "unknown")
    return (
      <div class="line plain">
        <Icon icon={MousePointerClick} />
        <span class="grow">{t("popup_unknown", { host })}</span>
        <Button onClick={() => show("teach")}>{t("toolbar_teach")}</Button>
      </div>
    );
  if (status.missing)
    return (
      <div class="line">
        <Icon icon={TriangleAlert} />
        <span class="grow">
          {t(status.on === "stepped_back" ? "popup_stepped_back" : "popup_partly", {
            host,
            missing: inWords(status.missing),
          })}
        </span>
        <Button onClick={report}>{t("toolbar_report_copy")}</Button>
        {status.on === "stepped_back" && <Button onClick={() => show("teach")}>{t("toolbar_teach")}</Button>}
      </div>
    );
  return null;
}

/** "comment: author, url" → "comment: no author, no link". */
const inWords = (missing: string) =>
  missing.replace(/\b(author|url|text|row)\b(?!:)/g, (name) => t(`toolbar_check_no_${name as Value}`));

/** What the page in the tab says of our toolbar on it; null = nothing of ours runs there. */
function usePageStatus({ id, url }: ActiveTab): PageStatus | null {
  const [status, set] = useState<PageStatus | null>(null);
  useEffect(() => {
    let gone = false;
    set(null);
    const look = () =>
      send("page.status", { tab: id }).then(
        (now) => gone || set(now),
        () => undefined,
      );
    void look();
    // A page steps back once it saw some posts; a page that was just opened is not there yet.
    const timer = setInterval(() => document.visibilityState === "visible" && void look(), STATUS_EVERY);
    return () => {
      gone = true;
      clearInterval(timer);
    };
  }, [id, url]);
  return status;
}
