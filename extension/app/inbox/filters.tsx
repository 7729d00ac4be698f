import { ListFilter } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import type { ApiError, Client } from "../../shared/api";
import { t } from "../../shared/i18n";
import { Icon, Kbd, Tabs, useKeys } from "../../shared/ui";
import type { Filter, Narrow, TabId } from "./filter";
import { Chips, chipsOf } from "./find/chips";
import type { Known } from "./find/complete";
import type { Counts } from "./find/counts";
import type { Names } from "./find/names";
import { PANEL_ID, Panel } from "./find/panel";
import { SaveActs, SavedSearches } from "./find/saved";
import { SearchBox } from "./find/search_box";
import { useSearches } from "./find/searches";
import { type StatsAnswer, written } from "./stats";
import "./find/find.css";

const TABS: TabId[] = ["to_answer", "new", "open", "done", "all"];
/** Wide enough for a panel beside the list. */
const WIDE = "(min-width: 1080px)";
export const LIST_ID = "inbox-list";

interface FiltersProps {
  client: Client;
  brand: { id: string; role?: string };
  in_app: boolean;
  filter: Filter;
  counts: Counts;
  names: Names;
  /** Words that the server could not read. */
  refused: { q: string; error: ApiError } | undefined;
  /** The panel is open. */
  finding: boolean;
  onFind: (open: boolean) => void;
  onFilter: (next: Filter | Narrow) => void;
  /** The search is written: to the list. */
  onEnter: () => void;
  go: (page: string, params?: Record<string, string>) => void;
}

/** Search, states with their counts, saved searches, what the list is narrowed by, and the panel that narrows it. */
export function Filters(props: FiltersProps) {
  const { client, brand, in_app, filter, counts, names, refused, finding, onFind, onFilter, onEnter, go } = props;
  const button = useRef<HTMLButtonElement>(null);
  const beside = useWide() && in_app;
  const searches = useSearches(client, brand.id);
  const saved = {
    client,
    brand_id: brand.id,
    filter,
    searches: searches.value ?? [],
    editable: brand.role !== "viewer",
    onFilter,
    onSaved: searches.reload,
    go,
  };
  const narrowed = chipsOf(filter, names).length;
  const close = () => {
    onFind(false);
    button.current?.focus();
  };
  useKeys([{ key: "f", label: t("find_filter"), run: () => (finding ? close() : onFind(true)) }], [finding]);
  return (
    <>
      <div class="inbox-filters">
        <SearchBox
          q={filter.q}
          refused={refused}
          readKnown={() => readKnown(client, brand.id)}
          onSearch={(q) => onFilter((now) => ({ ...now, q }))}
          onEnter={onEnter}
        />
        <div class="inbox-tabs">
          <Tabs
            label={t("inbox_states")}
            chosen={filter.tab}
            tabs={TABS.map((id) => ({ id, label: <TabLabel id={id} counts={counts} filter={filter} /> }))}
            onChoose={(tab) => onFilter((now) => ({ ...now, tab: tab as TabId }))}
            controls={LIST_ID}
          />
          <SavedSearches {...saved} />
          <button
            ref={button}
            type="button"
            class={`btn ghost inbox-what ${narrowed > 0 ? "chosen" : ""}`}
            title={t("find_filter")}
            aria-expanded={finding}
            aria-controls={finding ? PANEL_ID : undefined}
            aria-keyshortcuts="f"
            onClick={() => onFind(!finding)}
          >
            <Icon icon={ListFilter} />
            <span class="inbox-what-name">{t("find_filter")}</span>
            <Kbd>f</Kbd>
          </button>
        </div>
        <div class="find-line">
          <Chips filter={filter} names={names} onFilter={onFilter} />
          <SaveActs {...saved} />
        </div>
      </div>
      {finding && (
        <Panel
          filter={filter}
          here={counts.facets}
          names={names}
          beside={beside}
          none_saved={searches.value?.length === 0}
          onFilter={onFilter}
          onClose={close}
        />
      )}
    </>
  );
}

function TabLabel({ id, counts: { stats }, filter }: { id: TabId; counts: Counts; filter: Filter }) {
  const n = stats?.tabs[id] ?? 0;
  // Without a search the last two say nothing that one would want to know.
  const quiet = id === "done" || id === "all";
  const said = stats && n > 0 && (!quiet || filter.q !== "");
  return (
    <>
      {t(`inbox_tab_${id}`)}
      {said && <span class={`inbox-count ${quiet ? "quiet" : ""}`}> {written(n, stats.capped[id])}</span>}
    </>
  );
}

function useWide(): boolean {
  const [wide, setWide] = useState(() => matchMedia(WIDE).matches);
  useEffect(() => {
    const query = matchMedia(WIDE);
    const look = () => setWide(query.matches);
    query.addEventListener("change", look);
    return () => query.removeEventListener("change", look);
  }, []);
  return wide;
}

/** What a search could ask for, most frequent first. */
async function readKnown(client: Client, brand_id: string): Promise<Known> {
  const facets = "tag,author,network,language";
  const found = await client.get<StatsAnswer>("/mentions/stats", { brand_id, facets });
  const keys = (wanted: string) => found.facets.find(({ name }) => name === wanted)?.values.map(({ key }) => key) ?? [];
  return { tags: keys("tag"), authors: keys("author"), networks: keys("network"), languages: keys("language") };
}
