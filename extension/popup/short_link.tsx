import { Copy, Info, Link as LinkIcon } from "lucide";
import { useState } from "preact/hooks";
import { ApiError, type Client } from "../shared/api";
import { date, number, plural, t } from "../shared/i18n";
import { send } from "../shared/send";
import type { Brand, Link, LinkStats, Page } from "../shared/types";
import { Button, Icon, Skeleton, toast, useLoad } from "../shared/ui";
import { SheetFrame } from "./sheet";
import type { ActiveTab } from "./tab";

const DAYS = 14;

/** The page in front: its short link, and what that link did, people apart from previews and robots. */
export function ShortLink({
  client,
  brand,
  tab,
  onClose,
}: {
  client: Client;
  brand: Brand | undefined;
  tab: ActiveTab | null;
  onClose: () => void;
}) {
  const url = tab?.url ?? "";
  const of = brand ? { brand_id: brand.id } : {};
  const found = useLoad(
    async () => (await client.get<Page<Link>>("/links", { ...of, url, limit: 1 })).items[0] ?? null,
    [url, brand?.id],
  );
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const make = async () => {
    setBusy(true);
    setError("");
    try {
      found.set(await client.post<Link>("/links", { ...of, url, title: (tab?.title ?? "").slice(0, 300) }));
    } catch (failure) {
      setError(failure instanceof ApiError ? failure.text : t("error_internal"));
    }
    setBusy(false);
  };
  const link = found.value;
  return (
    <SheetFrame title={t("popup_shorten_page")} onClose={onClose}>
      <div>
        <div class="cut">{tab?.title}</div>
        <div class="muted small long">{url}</div>
      </div>
      {!link && found.loading && <Skeleton rows={2} />}
      {!link && !found.loading && (
        <div class="stack">
          <div>
            <Button kind="primary" big icon={LinkIcon} busy={busy} onClick={() => void make()}>
              {t("menu_shorten")}
            </Button>
          </div>
          {(error || found.error) && (
            <p class="note bad" role="alert">
              <Icon icon={Info} />
              <span>{error || found.error?.text}</span>
            </p>
          )}
        </div>
      )}
      {link && <TheLink link={link} />}
      {link && <Stats client={client} link={link} />}
    </SheetFrame>
  );
}

function TheLink({ link }: { link: Link }) {
  // Nothing of ours goes out as a short link before its public address is proved.
  const address = link.public ? link.short_url : link.clean_url;
  const copy = async () => {
    await navigator.clipboard.writeText(address);
    toast(t("notice_copied"));
  };
  return (
    <div class="stack">
      <div class="row">
        <output class={`grow address ${link.public ? "" : "long"}`}>{address.replace(/^https?:\/\//, "")}</output>
        <Button kind="primary" icon={Copy} onClick={() => void copy()}>
          {t("notice_copy")}
        </Button>
      </div>
      {!link.public && (
        <div class="note">
          <Icon icon={Info} />
          <div>
            <p>{t("popup_not_public")}</p>
            <Button kind="ghost" onClick={() => void send("open.app", { page: "settings" })}>
              {t("popup_set_public")}
            </Button>
          </div>
        </div>
      )}
    </div>
  );
}

function Stats({ client, link }: { client: Client; link: Link }) {
  const stats = useLoad(() => client.get<LinkStats>(`/links/${link.id}/stats`, { by: "day" }), [link.id]);
  if (!stats.value) return stats.loading ? <Skeleton rows={1} /> : null;
  const { people, previews, robots } = stats.value;
  const series = lastDays(stats.value.series);
  const most = Math.max(1, ...series.map((day) => day.people));
  const total = series.reduce((sum, day) => sum + day.people, 0);
  return (
    <div class="stack">
      <dl class="figures">
        <Figure name={t("popup_people")} n={people} />
        <Figure name={t("popup_previews")} n={previews} />
        <Figure name={t("popup_robots")} n={robots} />
      </dl>
      <figure style={{ margin: 0 }} class="stack">
        <div class="bars" role="img" aria-label={plural("popup_clicks_days", total, { days: DAYS })}>
          {series.map((day) => (
            <i
              key={day.at}
              class={day.people ? "some" : ""}
              style={{ height: `${(100 * day.people) / most}%` }}
              title={`${date(day.at)}: ${number(day.people)}`}
            />
          ))}
        </div>
        <figcaption class="muted small">{plural("popup_clicks_days", total, { days: DAYS })}</figcaption>
      </figure>
    </div>
  );
}

function Figure({ name, n }: { name: string; n: number }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{number(n)}</dd>
    </div>
  );
}

/** The last days, oldest first, with the empty ones. */
function lastDays(series: LinkStats["series"]): { at: string; people: number }[] {
  const byDay = new Map(series.map((one) => [one.at.slice(0, 10), one.people]));
  return Array.from({ length: DAYS }, (_, index) => {
    const at = new Date(Date.now() - (DAYS - 1 - index) * 86_400_000).toISOString().slice(0, 10);
    return { at, people: byDay.get(at) ?? 0 };
  });
}
