/** Keywords and sources: what is listened for, where, how it goes, and what cannot be heard. */
import { Pause, Pencil, Play, Plus, Radio, RefreshCw, Trash2 } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { ApiError } from "../../shared/api";
import { ago, clock, plural, t } from "../../shared/i18n";
import type { Keyword, Page, Source, SourceKind } from "../../shared/types";
import { Button, Chip, Empty, IconButton, Skeleton, toast, undoable, useKeys, useLoad } from "../../shared/ui";
import { may, type PageProps } from "../page";
import { KeywordForm } from "./keyword_form";
import { Coverage } from "./preview";
import { SourceForm } from "./source_form";
import "./listening.css";

export function ListeningPage({ client, brand, params, setParams }: PageProps) {
  const keywords = useLoad(
    async () => (await client.get<Page<Keyword>>("/keywords", { brand_id: brand.id, limit: 200 })).items,
    [client, brand.id],
  );
  const sources = useLoad(
    async () => (await client.get<Page<Source>>("/sources", { brand_id: brand.id, limit: 200 })).items,
    [client, brand.id],
  );
  const kinds = useLoad(async () => (await client.get<{ items: SourceKind[] }>("/sources/kinds")).items, [client]);
  const [editing, setEditing] = useState(params.query ? "new" : "");
  useEffect(
    () =>
      client.onChange((changed) => {
        if (changed.some((kind) => /^(keyword\.|mention\.|source\.|$)/.test(kind))) keywords.reload();
        if (changed.some((kind) => /^(source\.|keyword\.|$)/.test(kind))) sources.reload();
      }),
    [client],
  );
  useKeys([{ key: "n", label: t("listening_new"), run: () => setEditing("new") }], []);
  const editor = may(brand, "editor");

  const act = async (work: () => Promise<unknown>, undo?: { said: string; run: () => Promise<unknown> }) => {
    try {
      await work();
      if (undo) undoable(undo.said, () => void undo.run().then(reload, complain));
    } catch (error) {
      complain(error);
    }
    reload();
  };
  const reload = () => {
    keywords.reload();
    sources.reload();
  };
  const saved = (keyword: Keyword) => {
    setEditing("");
    if (params.query) setParams({});
    toast(t("listening_saved", { name: keyword.name }));
    reload();
  };
  const own = (sources.value ?? []).filter((source) => !source.keyword_id);
  return (
    <section class="page listening">
      <header class="row wrap">
        <h1 class="grow">{t("app_listening")}</h1>
        {editor && editing !== "new" && (
          <Button kind="primary" icon={Plus} shortcut="n" onClick={() => setEditing("new")}>
            {t("listening_new")}
          </Button>
        )}
      </header>
      {editing === "new" && (
        <div class="card">
          <KeywordForm
            client={client}
            brand={brand}
            query={params.query ?? ""}
            onSaved={saved}
            onCancel={() => setEditing("")}
          />
        </div>
      )}
      <section class="stack">
        <h2>{t("listening_keywords")}</h2>
        {keywords.loading && !keywords.value && <Skeleton rows={3} />}
        {keywords.error && !keywords.value && <p class="wrong">{keywords.error.text}</p>}
        {keywords.value?.length === 0 && editing !== "new" && (
          <Empty icon={Radio} title={t("listening_none")}>
            <p>{t("listening_none_text")}</p>
          </Empty>
        )}
        <ul class="listening-list">
          {keywords.value?.map((keyword) =>
            editing === keyword.id ? (
              <li key={keyword.id} class="open">
                <KeywordForm
                  client={client}
                  brand={brand}
                  keyword={keyword}
                  onSaved={saved}
                  onCancel={() => setEditing("")}
                />
              </li>
            ) : (
              <li key={keyword.id} class="row wrap">
                <div class="grow">
                  <b>{keyword.name}</b> {keyword.paused && <Chip tone="warn">{t("listening_paused")}</Chip>}
                  <p class="muted cut">
                    <code>{keyword.query}</code>
                  </p>
                  <p class="small faint">
                    {plural("today_mentions", keyword.mentions)} · {sourcesWords(keyword)}
                  </p>
                </div>
                {editor && (
                  <span class="row">
                    <IconButton icon={Pencil} label={t("listening_edit")} onClick={() => setEditing(keyword.id)} />
                    <IconButton
                      icon={keyword.paused ? Play : Pause}
                      label={t(keyword.paused ? "listening_resume" : "listening_pause")}
                      onClick={() =>
                        void act(() =>
                          client.patch(`/keywords/${keyword.id}`, {
                            paused: !keyword.paused,
                            version: keyword.version,
                          }),
                        )
                      }
                    />
                    <IconButton
                      icon={Trash2}
                      label={t("listening_remove")}
                      onClick={() =>
                        void act(() => client.del(`/keywords/${keyword.id}`), {
                          said: t("listening_removed", { name: keyword.name }),
                          run: () => client.post(`/keywords/${keyword.id}/restore`),
                        })
                      }
                    />
                  </span>
                )}
              </li>
            ),
          )}
        </ul>
      </section>
      <section class="stack">
        <h2>{t("listening_sources")}</h2>
        {editor && <SourceForm client={client} brand={brand} onAdded={reload} />}
        {sources.value && own.length === 0 && <p class="muted">{t("listening_no_sources")}</p>}
        <ul class="listening-list">
          {own.map((source) => (
            <li key={source.id} class="row wrap">
              <div class="grow">
                <b>{source.name || source.url}</b> <StateChip source={source} />
                <p class="small faint cut">{source.url}</p>
                <p class="small muted">{stateWords(source, brand.time_zone)}</p>
              </div>
              {editor && (
                <span class="row">
                  <label class="row small">
                    <span class="visually-hidden">{t("listening_take")}</span>
                    <select
                      class="input"
                      value={source.take}
                      onChange={(event) =>
                        void act(() =>
                          client.patch(`/sources/${source.id}`, {
                            take: event.currentTarget.value,
                            version: source.version,
                          }),
                        )
                      }
                    >
                      <option value="all">{t("listening_take_all")}</option>
                      <option value="matching">{t("listening_take_matching")}</option>
                    </select>
                  </label>
                  <IconButton
                    icon={RefreshCw}
                    label={t("listening_poll")}
                    onClick={() => void act(() => client.post(`/sources/${source.id}/poll`))}
                  />
                  <IconButton
                    icon={Trash2}
                    label={t("listening_remove")}
                    onClick={() =>
                      void act(() => client.del(`/sources/${source.id}`), {
                        said: t("listening_removed", { name: source.name || source.url }),
                        run: () => client.post(`/sources/${source.id}/restore`),
                      })
                    }
                  />
                </span>
              )}
            </li>
          ))}
        </ul>
      </section>
      <section class="stack">
        <h2>{t("listening_coverage")}</h2>
        <p class="muted">{t("listening_coverage_text")}</p>
        {kinds.value && (
          <Coverage
            asked={kinds.value.map((kind) => ({
              kind: kind.kind,
              name: kind.name,
              asked: kind.asked === "by itself",
              count: (sources.value ?? []).filter((source) => source.kind === kind.kind).length,
              note: kind.why,
            }))}
          />
        )}
      </section>
    </section>
  );
}

function sourcesWords({ sources }: Keyword): string {
  const asleep = sources.filter(({ state }) => state === "asleep" || state === "gone").length;
  const polled = sources
    .map(({ last_polled_at }) => last_polled_at ?? "")
    .sort()
    .at(-1);
  const words = [plural("listening_places", sources.length)];
  if (asleep > 0) words.push(plural("listening_asleep", asleep));
  if (polled) words.push(t("listening_last", { ago: ago(polled) }));
  return words.join(" · ");
}

function StateChip({ source }: { source: Source }) {
  if (source.state !== "asleep" && source.state !== "gone") return null;
  return <Chip tone={source.state === "gone" ? "bad" : "warn"}>{t(`listening_state_${source.state}`)}</Chip>;
}

function stateWords(source: Source, zone: string): string {
  const words = [];
  if (source.last_error) words.push(t(`listening_note_${source.last_error}`));
  if (source.last_polled_at) words.push(t("listening_last", { ago: ago(source.last_polled_at) }));
  if (source.next_poll_at) words.push(t("listening_next", { at: clock(source.next_poll_at, zone) }));
  return words.join(" · ");
}

function complain(error: unknown): void {
  toast(error instanceof ApiError ? error.text : t("error_internal"));
}
