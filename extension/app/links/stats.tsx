import { ArrowLeft, Copy, ExternalLink, Trash2, Unplug } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { ApiError, type Client } from "../../shared/api";
import { date, number, plural, t } from "../../shared/i18n";
import { Button, copyText, Empty, Icon, IconButton, Input, Skeleton, Tabs, toast, useLoad } from "../../shared/ui";
import { safeHref } from "../inbox/row";
import { Chart } from "./chart";
import { sayWrong } from "./create";
import { bucketsOf, RANGES, type Range, spanOf } from "./series";
import { type LinkRow, type Stats, shownUrl, withoutScheme } from "./types";

interface StatsProps {
  client: Client;
  link: LinkRow;
  editor: boolean;
  onBack: () => void;
  onChanged: (link: LinkRow) => void;
  onDelete: () => void;
}

/** One link: who clicked it, when and from where; people apart from previews and robots. */
export function LinkPage({ client, link, editor, onBack, onChanged, onDelete }: StatsProps) {
  const [range, setRange] = useState<Range>("month");
  const stats = useLoad(async () => {
    const { from, to } = spanOf(range);
    const query = { from: from.toISOString(), to: to.toISOString(), by: RANGES[range].by, dimension: "referrer" };
    return { range, stats: await client.get<Stats>(`/links/${link.id}/stats`, query) };
  }, [client, link.id, range]);
  useEffect(
    () => client.onChange((kinds) => kinds.some((kind) => /^(clicks|link\.|$)/.test(kind)) && stats.reload()),
    [client, range],
  );
  const shown = shownUrl(link);
  const href = safeHref(shown);
  return (
    <div class="stack links-page">
      <header class="row">
        <IconButton icon={ArrowLeft} label={t("links_back")} onClick={onBack} />
        <h1 class="grow cut">{link.title || withoutScheme(link.public ? link.short_url : link.url)}</h1>
        {editor && <IconButton icon={Trash2} label={t("links_delete")} onClick={onDelete} />}
      </header>
      <div class="card stack">
        <div class="row wrap">
          <b class="links-short cut">{withoutScheme(shown)}</b>
          <span class="row">
            <Button icon={Copy} onClick={() => void copyText(shown, t("links_copied"))}>
              {t("links_copy")}
            </Button>
            {href && (
              <a class="btn ghost" href={href} target="_blank" rel="noopener noreferrer">
                <Icon icon={ExternalLink} /> {t("links_open")}
              </a>
            )}
          </span>
        </div>
        <Target client={client} link={link} editor={editor} onChanged={onChanged} />
        <p class="small muted">
          {t("links_made_on", { at: date(link.created_at) })}
          {link.expires_at ? ` · ${t("links_until", { at: date(link.expires_at) })}` : ""}
        </p>
      </div>
      <Tabs
        label={t("links_range")}
        chosen={range}
        tabs={(Object.keys(RANGES) as Range[]).map((id) => ({ id, label: t(`links_range_${id}`) }))}
        onChoose={(id) => setRange(id as Range)}
        controls="links-stats"
      />
      <div id="links-stats" role="tabpanel" aria-label={t(`links_range_${range}`)} class="stack">
        {stats.error && !stats.value && (
          <Empty icon={Unplug} title={t("inbox_away_title")}>
            <p>{stats.error.text}</p>
            <Button onClick={stats.reload}>{t("inbox_retry")}</Button>
          </Empty>
        )}
        {!stats.value && !stats.error && <Skeleton rows={4} />}
        {stats.value && (
          <>
            <Totals stats={stats.value.stats} />
            <div class="card">
              <Chart buckets={bucketsOf(stats.value.stats, stats.value.range)} range={stats.value.range} />
            </div>
            <Referrers stats={stats.value.stats} />
          </>
        )}
      </div>
    </div>
  );
}

function Totals({ stats }: { stats: Stats }) {
  return (
    <dl class="links-totals">
      <div class="first">
        <dt>{t("links_people_word")}</dt>
        <dd>{number(stats.people)}</dd>
        <dd class="small muted">{plural("links_visitors", stats.visitors)}</dd>
      </div>
      <div>
        <dt>{t("links_previews_word")}</dt>
        <dd>{number(stats.previews)}</dd>
        <dd class="small muted">{t("links_previews_hint")}</dd>
      </div>
      <div>
        <dt>{t("links_robots_word")}</dt>
        <dd>{number(stats.robots)}</dd>
        <dd class="small muted">{t("links_robots_hint")}</dd>
      </div>
    </dl>
  );
}

/** Where people came from. */
function Referrers({ stats }: { stats: Stats }) {
  if (stats.by.length === 0) return null;
  const most = Math.max(...stats.by.map(({ people }) => people), 1);
  return (
    <section class="card">
      <h2>{t("links_from")}</h2>
      <ul class="links-from">
        {stats.by.slice(0, 20).map(({ key, people }) => (
          <li key={key}>
            <span class="cut">{key || t("links_direct")}</span>
            <span class="links-bar" aria-hidden="true">
              <i style={{ width: `${(people / most) * 100}%` }} />
            </span>
            <b>{number(people)}</b>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Where it leads; can be changed without changing the short link. */
function Target({ client, link, editor, onChanged }: Pick<StatsProps, "client" | "link" | "editor" | "onChanged">) {
  const [url, setUrl] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError>();
  const save = async () => {
    setBusy(true);
    setError(undefined);
    try {
      onChanged(await client.patch<LinkRow>(`/links/${link.id}`, { url: url!.trim(), version: link.version }));
      setUrl(undefined);
      toast(t("links_target_changed"));
    } catch (thrown) {
      if (!(thrown instanceof ApiError)) throw thrown;
      const current = thrown.extra.current as LinkRow | undefined;
      if (current) onChanged(current);
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  if (url === undefined) {
    return (
      <p class="row">
        <span class="muted">{t("links_leads_to")}</span>
        <a class="cut grow" href={safeHref(link.url)} target="_blank" rel="noopener noreferrer" title={link.url}>
          {withoutScheme(link.url)}
        </a>
        {editor && (
          <Button kind="ghost" onClick={() => setUrl(link.url)}>
            {t("links_change")}
          </Button>
        )}
      </p>
    );
  }
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Input
        label={t("links_target")}
        value={url}
        autoFocus
        spellcheck={false}
        wrong={error ? (error.fields.url ? sayWrong("url", error) : error.text) : undefined}
        onText={setUrl}
        onKeyDown={(event) => event.key === "Escape" && setUrl(undefined)}
      />
      <div class="row">
        <Button kind="primary" type="submit" busy={busy}>
          {t("links_save")}
        </Button>
        <Button kind="ghost" onClick={() => setUrl(undefined)}>
          {t("links_cancel")}
        </Button>
      </div>
    </form>
  );
}
