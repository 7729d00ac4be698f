/** The whole application: who we are, which brand, which page. The same in the extension's tab and at /-/app. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { type Client, defaultClient, isPassing } from "../shared/api";
import { inExtension } from "../shared/browser";
import { forgetRead, keepRead, readKept } from "../shared/database";
import { t } from "../shared/i18n";
import { onAnotherPerson, workAs } from "../shared/person";
import { send } from "../shared/send";
import { getLocal, keep, kept } from "../shared/storage";
import type { Brand, Me, Status } from "../shared/types";
import { KeyPanel, type Loaded, Skeleton, Toasts, undoLast, useKeys, useLanguage, useLoad } from "../shared/ui";
import { AlertsPage } from "./alerts";
import { useTabNotices } from "./alerts/tab_notices";
import { ComposePage } from "./compose";
import { FirstRunPage } from "./firstrun";
import { InboxPage } from "./inbox";
import { LinksPage } from "./links";
import { ListeningPage } from "./listening";
import { SourcesPage } from "./listening/sources";
import type { PageProps } from "./page";
import { RepliesPage } from "./replies";
import { type PageName, useRoute } from "./router";
import { RulesPage } from "./rules";
import { SettingsPage } from "./settings";
import { AnotherPerson, AppAway, LoginNeeded } from "./shell/away";
import { Nav } from "./shell/nav";
import { PairingBanner } from "./shell/pairing";
import { TodayPage } from "./today";

const PAGES: Record<Exclude<PageName, "welcome">, (props: PageProps) => preact.ComponentChild> = {
  today: TodayPage,
  inbox: InboxPage,
  compose: ComposePage,
  replies: RepliesPage,
  links: LinksPage,
  listening: ListeningPage,
  sources: SourcesPage,
  alerts: AlertsPage,
  rules: RulesPage,
  settings: SettingsPage,
};

/** Kinds of changes after which who we are, or how the server does, has to be read again. */
const ABOUT_US = /^(brand\.|member\.|device\.|)$|^(brand|member|device)\./;
const ABOUT_STATUS = /^(source\.|account\.|public_address|round\.|$)/;

export function App() {
  useLanguage();
  const client = useMemo(defaultClient, []);
  const { route, go, setParams } = useRoute();
  const me = useMe(client);
  const [brandId, setBrandId] = useState("");
  useEffect(() => {
    void (inExtension ? getLocal("brand_id") : kept<string>("brand_id")).then((id) => id && setBrandId(id));
  }, []);
  const brand = me.value?.brands.find(({ id }) => id === brandId) ?? me.value?.brands[0] ?? null;
  const status = useLoad(
    async () => (brand ? client.get<Status>("/status", { brand_id: brand.id }) : null),
    [client, brand?.id],
  );
  useEffect(
    () =>
      client.onChange((kinds) => {
        if (kinds.some((kind) => ABOUT_US.test(kind))) me.reload();
        if (kinds.some((kind) => ABOUT_STATUS.test(kind))) status.reload();
      }),
    [client],
  );
  useEffect(() => {
    // The worker's sign of life ages without any change that would tell.
    const timer = setInterval(status.reload, 60_000);
    return () => clearInterval(timer);
  }, []);
  // Nobody has said what this is for: the first thing is the path that asks.
  const newcomer = me.value !== undefined && me.value.brands.length === 0;
  useEffect(() => {
    if (newcomer && route.page !== "welcome" && route.page !== "settings") go("welcome");
  }, [newcomer, route.page]);
  const chooseBrand = (chosen: Brand) => {
    setBrandId(chosen.id);
    if (inExtension) void send("brand.use", { id: chosen.id });
    else void keep("brand_id", chosen.id);
  };
  // A link in a message names its brand.
  useEffect(() => {
    const { brand: id, ...rest } = route.params;
    if (!id || !me.value) return;
    const named = me.value.brands.find((one) => one.id === id);
    if (named && named.id !== brand?.id) chooseBrand(named);
    setParams(rest);
  }, [route.params.brand, me.value]);
  useTabNotices(client, go);
  const [another, setAnother] = useState(false);
  useEffect(() => onAnotherPerson(() => setAnother(true)), []);
  useEffect(() => {
    document.title = `${t(`app_${route.page}`)} · Entregent`;
  });
  useKeys(
    [
      { key: "w", label: t("app_write"), run: () => go("compose", { id: "new" }) },
      { key: "u", label: t("ui_undo"), run: () => undoLast() },
    ],
    [],
  );

  if (me.error && !me.value) {
    return me.error.status === 401 ? <LoginNeeded /> : <AppAway error={me.error} onRetry={me.reload} />;
  }
  if (!me.value) return <Skeleton rows={8} />;
  const shared = { client, me: me.value, status: status.value ?? null, params: route.params, go, setParams };
  const refresh = async () => {
    me.set(await client.get<Me>("/me"));
  };
  const Page = route.page === "welcome" ? null : PAGES[route.page];
  return (
    <div class={`frame-app at-${route.page}`}>
      <button type="button" class="skip" onClick={() => document.getElementById("main")?.focus()}>
        {t("app_skip")}
      </button>
      <Nav page={route.page} brands={me.value.brands} brand={brand} client={client} go={go} onBrand={chooseBrand} />
      <main id="main" tabIndex={-1}>
        {route.page !== "welcome" && me.value.member && !me.value.device && <PairingBanner client={client} />}
        {another && <AnotherPerson />}
        {/* The inbox has a line of its own, which knows what waits. */}
        {me.error && !another && route.page !== "inbox" && <AppAway error={me.error} onRetry={me.reload} small />}
        {Page && brand ? (
          <Page {...shared} brand={brand} key={brand.id} />
        ) : (
          <FirstRunPage {...shared} brand={brand} refresh={refresh} />
        )}
      </main>
      <KeyPanel />
      <Toasts />
    </div>
  );
}

/**
 * Who we are; while the server is away, who we were, so that what was read before can be read on. Who logs in as
 * somebody else finds nothing of what was read by the one before.
 */
function useMe(client: Client): Loaded<Me> {
  const found = useLoad(async () => {
    const me = await client.get<Me>("/me");
    workAs(me.member?.id ?? "");
    void readKept<Me>("facts", ME).then(async (before) => {
      if (before && before.value.member?.id !== me.member?.id) await forgetRead();
      await keepRead("facts", ME, me, 100);
    });
    return me;
  }, [client]);
  const { value, error } = found;
  useEffect(() => {
    if (error && !value && isPassing(error))
      void readKept<Me>("facts", ME).then((kept) => {
        if (!kept) return;
        workAs(kept.value.member?.id ?? "");
        found.set(kept.value);
      });
    if (error?.status === 401 && !value) void forgetRead();
  }, [error]);
  return found;
}

const ME = "/me {}";
