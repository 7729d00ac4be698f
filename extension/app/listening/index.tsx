/** Keywords: what is listened for, how each of its searches goes, the round, and what cannot be heard. */
import { Plus, Radio } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { ApiError } from "../../shared/api";
import { plural, t } from "../../shared/i18n";
import type { Keyword, SourceKind } from "../../shared/types";
import { Button, Empty, Skeleton, toast, undoable, useKeys, useLoad } from "../../shared/ui";
import { everyOne } from "../every";
import { NO_FILTER } from "../inbox/filter";
import { writePlace } from "../inbox/place";
import { may, type PageProps } from "../page";
import { Unread } from "../unread";
import { Coverage } from "./coverage";
import { KeywordForm } from "./keyword_form";
import { KeywordRow } from "./keyword_row";
import { ListeningParts } from "./parts";
import { toQuery } from "./query_field";
import { RoundSection, useRoundPages } from "./round";
import { useSources } from "./sources/load";
import "./listening.css";
import "./sources/sources.css";

const NEW = "new";
/** "Asked 4 min ago" ages by itself. */
const AGE_MS = 30_000;

export function ListeningPage({ client, brand, params, setParams, go }: PageProps) {
  const keywords = useLoad(
    (signal) => everyOne<Keyword>(client, "/keywords", { brand_id: brand.id }, signal),
    [client, brand.id],
  );
  const sources = useSources(client, brand.id, true);
  const kinds = useLoad(
    async () => (await client.get<{ items: SourceKind[] }>("/sources/kinds", { brand_id: brand.id })).items,
    [client, brand.id],
  );
  const round = useRoundPages(client, brand.id);
  const [editing, setEditing] = useState("");
  const [, setNow] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), AGE_MS);
    return () => clearInterval(timer);
  }, []);
  useEffect(() => {
    if (params.query) setEditing(NEW);
  }, [params.query]);
  useEffect(
    () =>
      client.onChange((changed) => {
        if (changed.some((kind) => /^(keyword\.|mention\.|source\.|$)/.test(kind))) keywords.reload();
        if (changed.some((kind) => /^keyword\./.test(kind))) sources.reload();
        if (changed.some((kind) => /^(round\.|$)/.test(kind))) kinds.reload();
      }),
    [client],
  );
  const editor = may(brand, "editor");
  const write = () => (editing ? toQuery() : setEditing(NEW));
  useKeys(editor ? [{ key: "n", label: t("listening_new"), run: write }] : [], [editor]);

  const reload = () => {
    keywords.reload();
    sources.reload();
  };
  const act = async (work: () => Promise<unknown>, said?: string) => {
    try {
      await work();
      if (said) toast(said);
    } catch (error) {
      complain(error);
    }
    reload();
  };
  const remove = (path: string, name: string) =>
    act(async () => {
      await client.del(path);
      undoable(t("listening_removed", { name }), () => void act(() => client.post(`${path}/restore`)));
    });
  const seeMentions = ({ id }: Keyword) => {
    const filter = { ...NO_FILTER, tab: "all" as const, keyword_id: id };
    writePlace(brand.id, { filter, selected_id: "", scroll_top: 0, rows: 200 });
    go("inbox");
  };
  const close = () => {
    setEditing("");
    if (params.query) setParams({});
  };
  const saved = (keyword: Keyword) => {
    close();
    const deaf = (kinds.value ?? []).filter(({ asked }) => asked === "cannot").map(({ name }) => name);
    const words = [t("listening_saved", { name: keyword.name })];
    // What was read before was looked through when it was saved.
    if (keyword.mentions > 0) words.push(plural("listening_backfilled", keyword.mentions));
    if (deaf.length > 0) words.push(t("listening_not_heard", { names: deaf.join(", ") }));
    const look =
      keyword.mentions > 0
        ? { label: t("listening_see_mentions"), run: () => seeMentions(keyword) }
        : { label: t("today_look"), run: () => setParams({ show: "coverage" }) };
    toast(words.join(" "), keyword.mentions > 0 || deaf.length > 0 ? look : undefined);
    reload();
  };

  const all = sources.items;
  const nothing = keywords.value?.length === 0 && editing !== NEW;
  return (
    <section class="page listening">
      <header class="row wrap">
        <h1 class="grow">{t("app_listening")}</h1>
        {editor && editing !== NEW && (
          <Button kind="primary" icon={Plus} shortcut="n" onClick={() => setEditing(NEW)}>
            {t("listening_new")}
          </Button>
        )}
      </header>
      <ListeningParts here="listening" />
      {editor && editing === NEW && (
        <div class="card">
          <KeywordForm
            key={params.query ?? ""}
            client={client}
            brand={brand}
            query={params.query ?? ""}
            onSaved={saved}
            onCancel={close}
          />
        </div>
      )}
      <section class="stack">
        <h2 class="visually-hidden">{t("listening_keywords")}</h2>
        {keywords.loading && !keywords.value && <Skeleton rows={3} />}
        <Unread error={keywords.value ? undefined : keywords.error} onRetry={keywords.reload} />
        {nothing && (
          <div class="card">
            <Empty icon={Radio} title={t("listening_none")}>
              <p>{t("listening_none_text")}</p>
            </Empty>
          </div>
        )}
        {keywords.value && keywords.value.length > 0 && (
          <ul class="card listening-list">
            {keywords.value.map((keyword) =>
              editing === keyword.id ? (
                <li key={keyword.id}>
                  <KeywordForm client={client} brand={brand} keyword={keyword} onSaved={saved} onCancel={close} />
                </li>
              ) : (
                <KeywordRow
                  key={keyword.id}
                  keyword={keyword}
                  searches={all.filter((source) => source.keyword_id === keyword.id)}
                  kinds={kinds.value ?? []}
                  zone={brand.time_zone}
                  editor={editor}
                  onAlert={() => go("alerts", { keyword: keyword.id })}
                  onEdit={() => setEditing(keyword.id)}
                  onPause={() =>
                    void act(() =>
                      client.patch(`/keywords/${keyword.id}`, { paused: !keyword.paused, version: keyword.version }),
                    )
                  }
                  onRemove={() => void remove(`/keywords/${keyword.id}`, keyword.name)}
                />
              ),
            )}
          </ul>
        )}
      </section>
      <RoundSection
        client={client}
        brand={brand}
        pages={round}
        shown={params.show === "round"}
        onHandles={() => go("settings", { part: "brand" })}
      />
      {kinds.value && (
        <Coverage kinds={kinds.value} sources={all} pages={round.value ?? []} open={params.show === "coverage"} />
      )}
    </section>
  );
}

function complain(error: unknown): void {
  toast(error instanceof ApiError ? error.text : t("error_internal"));
}
