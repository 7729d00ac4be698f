import { EyeOff, MousePointerClick } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { api, inFirefox } from "../shared/browser";
import { t } from "../shared/i18n";
import type { SiteState } from "../shared/messages";
import { onPush, send } from "../shared/send";
import { Button, Icon, toast } from "../shared/ui";
import { type ActiveTab, openAllowPage } from "./tab";

/** Whether the toolbar is on at the tab beside us; `set` takes what the background answered to a change. */
export function useSite(tab: ActiveTab | null): { site: SiteState | null; set: (site: SiteState) => void } {
  const [site, set] = useState<SiteState | null>(null);
  const url = tab?.url ?? "";
  useEffect(() => {
    set(null);
    if (!url) return;
    const look = () => send("site.state", { url }).then(set, () => undefined);
    void look();
    return onPush((push) => push.push === "changed" && push.kinds.includes("sites") && void look());
  }, [url]);
  return { site, set };
}

interface SiteLineProps {
  tab: ActiveTab | null;
  site: SiteState | null;
  onSite: (site: SiteState) => void;
  mode: "popup" | "panel";
}

/** The first line on a site where the toolbar is not on: switch it on here, or show it again where it was hidden. */
export function SiteLine({ tab, site, onSite, mode }: SiteLineProps) {
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
        <Button kind="primary" onClick={switchOn}>
          {t("popup_switch_on")}
        </Button>
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
  return null;
}
