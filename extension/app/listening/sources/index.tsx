/** Sources: where is listened, by what it is for, how each does, and what mends it. */
import { Plus, Rss, SearchX } from "lucide";
import { useEffect, useMemo, useState } from "preact/hooks";
import { plural, t } from "../../../shared/i18n";
import type { SourceKind } from "../../../shared/types";
import { Button, Empty, Skeleton, useKeys, useLoad } from "../../../shared/ui";
import { may, type PageProps } from "../../page";
import { writeRoute } from "../../router";
import { ImportList } from "../lists/import";
import { ListMenu } from "../lists/menu";
import { ListeningParts } from "../parts";
import { actsOn } from "./acts";
import { AddSource } from "./adding";
import { toAddress } from "./address_form";
import { SourceFilters } from "./filters";
import { SourceList } from "./list";
import { useSources } from "./load";
import { ANY, linesOf, needsCare, type Wanted } from "./shown";
import "../listening.css";
import "./sources.css";

/** "Asked 4 min ago" ages by itself. */
const AGE_MS = 30_000;

export function SourcesPage({ client, brand, params, setParams, go }: PageProps) {
  const sources = useSources(client, brand.id);
  const kinds = useLoad(
    async () => (await client.get<{ items: SourceKind[] }>("/sources/kinds", { brand_id: brand.id })).items,
    [client, brand.id],
  );
  const [wanted, setWanted] = useState<Wanted>({ ...ANY, state: params.state ?? "" });
  const [open, setOpen] = useState(params.id ?? "");
  const [adding, setAdding] = useState(Boolean(params.add !== undefined || params.url));
  const [file, setFile] = useState<File>();
  const [, setNow] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), AGE_MS);
    return () => clearInterval(timer);
  }, []);
  const editor = may(brand, "editor");
  const add = () => (adding ? toAddress() : setAdding(true));
  useKeys(editor ? [{ key: "n", label: t("sources_add"), run: add }] : [], [editor]);
  const acts = actsOn(client, sources, () => go("settings", { part: "accounts" }));
  const lines = useMemo(() => linesOf(sources.items, wanted), [sources.items, wanted]);
  const care = sources.items.filter(needsCare).length;
  const close = () => {
    setAdding(false);
    if (params.add !== undefined || params.url) setParams({});
  };
  return (
    <section class="page listening sources">
      <header class="row wrap">
        <h1 class="grow">{t("app_listening")}</h1>
        <ListMenu client={client} brand={brand} editor={editor} onFile={setFile} />
        {editor && !adding && (
          <Button kind="primary" icon={Plus} shortcut="n" onClick={() => setAdding(true)}>
            {t("sources_add")}
          </Button>
        )}
      </header>
      <ListeningParts here="sources" />
      {file && (
        <ImportList
          client={client}
          brand={brand}
          file={file}
          onChanged={sources.reload}
          onClose={() => setFile(undefined)}
        />
      )}
      {editor && adding && (
        <AddSource
          client={client}
          brand={brand}
          kinds={kinds.value ?? []}
          url={params.url ?? ""}
          onAdded={(source) => {
            sources.put(source);
            setWanted(ANY);
            setOpen(source.id);
          }}
          onRemoved={sources.drop}
          onClose={close}
        />
      )}
      {sources.error && sources.items.length === 0 && <p class="wrong">{sources.error.text}</p>}
      {!sources.whole && !sources.error && sources.items.length === 0 && <Skeleton rows={6} />}
      {sources.whole && sources.items.length === 0 && !adding && (
        <div class="card">
          <Empty icon={Rss} title={t("listening_no_sources_title")}>
            <p>{t("listening_no_sources")}</p>
            {editor && (
              <Button kind="primary" icon={Plus} onClick={() => setAdding(true)}>
                {t("sources_add")}
              </Button>
            )}
          </Empty>
        </div>
      )}
      {sources.whole && (
        <p class="small muted row wrap">
          {sources.searches > 0 && (
            <span>
              {plural("sources_searches", sources.searches)}{" "}
              <a href={writeRoute("listening")}>{t("sources_see_keywords")}</a>
            </span>
          )}
          <a href={writeRoute("listening", { show: "coverage" })}>{t("listening_coverage")}</a>
        </p>
      )}
      {sources.items.length > 0 && (
        <>
          <SourceFilters sources={sources.items} kinds={kinds.value ?? []} wanted={wanted} onWanted={setWanted} />
          <p class="small muted sources-count" role="status">
            {plural("sources_count", sources.items.length)}
            {!sources.whole && ` ${t("sources_more_coming")}`}
            {care > 0 && wanted.state !== "care" && (
              <>
                {" "}
                <button type="button" class="link" onClick={() => setWanted({ ...ANY, state: "care" })}>
                  {plural("sources_care", care)}
                </button>
              </>
            )}
          </p>
          {lines.length > 0 ? (
            <div class="card source-card">
              <SourceList
                client={client}
                lines={lines}
                kinds={kinds.value ?? []}
                zone={brand.time_zone}
                editor={editor}
                contributor={may(brand, "contributor")}
                acts={acts}
                open={open}
                onOpen={setOpen}
              />
            </div>
          ) : (
            <Empty icon={SearchX} title={t("sources_nothing")}>
              <Button onClick={() => setWanted(ANY)}>{t("sources_show_all")}</Button>
            </Empty>
          )}
        </>
      )}
    </section>
  );
}
