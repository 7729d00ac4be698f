import { LayoutGrid } from "lucide";
import { useEffect, useMemo, useState } from "preact/hooks";
import { Inbox } from "../app/inbox";
import { may } from "../app/page";
import { extensionClient, isPassing } from "../shared/api";
import { forgetRead } from "../shared/database";
import { t } from "../shared/i18n";
import { send } from "../shared/send";
import type { Me } from "../shared/types";
import { Button, Empty, Icon, KeyPanel, Skeleton, Toasts, useLanguage, useLoad } from "../shared/ui";
import { Away, saysAway } from "./away";
import { Bar } from "./bar";
import { ListenHere } from "./listen_here";
import { Pair } from "./pair";
import { RoundLine } from "./round_line";
import { SaveReply } from "./save_reply";
import { ShortLink } from "./short_link";
import { ChooseNetworks, SiteLine, useSite } from "./site_line";
import { useActiveTab } from "./tab";
import { useExtensionState } from "./use_state";
import { WatchTerm } from "./watch_term";

export type Sheet = "" | "link" | "reply" | "term" | "listen";

/** Popup and side panel: who we are, what can be done here, what waits, and the inbox. */
export function Frame({ mode }: { mode: "popup" | "panel" }) {
  useLanguage();
  const { state, reload } = useExtensionState();
  const tab = useActiveTab();
  const { site, set: setSite } = useSite(tab);
  const [sheet, setSheet] = useState<Sheet>("");
  const client = useMemo(extensionClient, []);
  const me = useLoad(() => client.get<Me>("/me"), [client, state?.paired, state?.brand_id, state?.reachable]);
  // An open view makes the background ask for changes every few seconds.
  useEffect(() => client.onChange(() => undefined), [client]);

  useEffect(() => {
    if (state && !state.paired) void forgetRead();
  }, [state?.paired]);

  if (!state) return <div class="frame" />;
  if (!state.paired)
    return (
      <main class="frame alone">
        <Pair state={state} mode={mode} reload={reload} />
      </main>
    );
  const brand = me.value?.brands.find(({ id }) => id === state.brand_id) ?? me.value?.brands[0];
  // With the server away, what it said last is still worth reading.
  const known = brand ?? (isPassing(me.error) ? state.brands.find(({ id }) => id === state.brand_id) : undefined);
  const list_here = sheet === "" && known !== undefined;
  const close = () => setSheet("");
  // Once after pairing: the toolbar stands nowhere before somebody says where.
  const nowhere = !state.networks_seen && !site?.on;
  return (
    <div class="frame">
      <Bar state={state} tab={tab} site={site} onSite={setSite} mode={mode} open={setSheet} />
      <section class="above" aria-label={t("popup_here")}>
        <SiteLine tab={tab} site={site} onSite={setSite} mode={mode} nowhere={nowhere} />
        <Away state={state} here={list_here} />
        <RoundLine mode={mode} may={known !== undefined && known.role !== "viewer"} />
        {nowhere && !site?.possible && <FirstNetworks />}
      </section>
      <main>
        {sheet === "link" && <ShortLink client={client} brand={brand} tab={tab} onClose={close} />}
        {sheet === "reply" && <SaveReply onClose={close} />}
        {sheet === "listen" && tab && brand && (
          <ListenHere client={client} brand_id={brand.id} editor={may(brand, "editor")} tab={tab} onClose={close} />
        )}
        {sheet === "term" && <WatchTerm onClose={close} />}
        {sheet === "" && known && (
          <Inbox client={client} mode={mode} brand={known} said_above={saysAway(state, true)} />
        )}
        {sheet === "" && !known && (me.loading ? <Skeleton rows={8} /> : <NoBrand failed={Boolean(me.error)} />)}
      </main>
      <KeyPanel />
      <Toasts />
    </div>
  );
}

function FirstNetworks() {
  return (
    <div class="line">
      <Icon icon={LayoutGrid} />
      <span class="grow">{t("popup_networks_first")}</span>
      <ChooseNetworks kind="primary" />
    </div>
  );
}

/** Paired, but nothing to show: no brand yet, or nothing was ever read. */
function NoBrand({ failed }: { failed: boolean }) {
  if (failed) return <Empty title={t("popup_away_title")}>{<p>{t("popup_away_text")}</p>}</Empty>;
  return (
    <Empty title={t("popup_no_brand")}>
      <p>{t("popup_no_brand_text")}</p>
      <Button kind="primary" onClick={() => send("open.app", { page: "start" })}>
        {t("popup_open_app")}
      </Button>
    </Empty>
  );
}
