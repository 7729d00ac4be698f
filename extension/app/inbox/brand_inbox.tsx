/** The list of one brand: what stands around it, and what happens between its parts. */
import { useEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
import type { Client } from "../../shared/api";
import { inExtension } from "../../shared/browser";
import { t } from "../../shared/i18n";
import { openMention } from "../../shared/open";
import { send } from "../../shared/send";
import type { Brand, Mention } from "../../shared/types";
import { Skeleton, toast } from "../../shared/ui";
import { Above, ExclusionProposal } from "./above";
import { Acts, complain } from "./acts";
import { type Asked, Asking } from "./asking";
import { deedsOf } from "./deeds";
import { readAccounts, useFacts } from "./facts";
import type { Fields } from "./fields";
import { type Filter, isNarrowed, isSameList, type Narrow, NO_FILTER } from "./filter";
import { Filters, LIST_ID } from "./filters";
import { useCounts } from "./find/counts";
import { Wider } from "./find/wider";
import { InboxFooter } from "./footer";
import { useInboxKeys } from "./inbox_keys";
import { MentionList, NewAbove } from "./list";
import { Nothing } from "./nothing";
import { PickedBar } from "./picked";
import type { Place } from "./place";
import { usePresence } from "./presence";
import { usePlace } from "./remembering";
import { safeHref } from "./row";
import { useRowActs } from "./row_acts";
import { focusGrid, useSelection } from "./selecting";
import { MentionStore } from "./store";
import { WaitingBar } from "./waiting";

export interface InboxProps {
  client: Client;
  brand: Pick<Brand, "id"> & { role?: string; time_zone?: string };
  mode?: "popup" | "panel" | "app";
  /** Something else on this screen says that the server is away. */
  said_above?: boolean;
  /** To a page of the app; where there is no router, a tab with the app is opened. */
  go?: (page: string, params?: Record<string, string>) => void;
}

/** What was learned of a mark is ready some seconds later. */
const LEARNED_AFTER_MS = 30_000;

function openApp(page: string, params?: Record<string, string>): void {
  if (inExtension) void send("open.app", { page, ...(params && { params }) });
}

type BrandInboxProps = InboxProps & { place: Place | undefined };

export function BrandInbox({ client, brand, mode = "app", said_above = false, go = openApp, place }: BrandInboxProps) {
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  const store = useMemo(
    () =>
      new MentionStore(
        client,
        brand.id,
        () => redraw(undefined),
        // What worked as it was meant to needs no word; what did not stands above the list (waiting.tsx).
        (late) => late.outcome === "merged" && complain(late),
      ),
    [client, brand.id],
  );
  const { rows, reading, changes } = store;
  const { filter, items } = rows;
  const acts = useMemo(() => new Acts(store), [store]);
  const [finding, setFinding] = useState(false);
  const counts = useCounts(client, brand.id, store, finding);
  const { accounts, keywords, members, status, heard } = useFacts(client, brand.id, store);
  const team = members.value?.items ?? [];
  const me = members.value?.me ?? "";
  const zone = brand.time_zone ?? "";

  useEffect(() => store.watch(), [store]);
  useEffect(() => {
    void reading.open({ ...NO_FILTER, ...place?.filter }, place);
    return client.onChange((kinds) => {
      const any = kinds.length === 0 || kinds.includes("") || kinds.includes("reachable");
      if (any || kinds.some((kind) => kind.startsWith("mention."))) {
        void reading.refresh();
        counts.reload();
      } else if (kinds.includes("delivery.changed")) void reading.refresh();
      heard(kinds, any);
    });
  }, [store]);

  const selection = useSelection(store, place?.selected_id ?? "");
  const { selected, current, picked } = selection;
  const [answering, setAnswering] = useState("");
  const is_answering = answering !== "" && answering === current?.id;
  const others = usePresence(client, brand.id, me, current?.id ?? "", is_answering);
  const spot = usePlace(brand.id, store, selection.id, place?.scroll_top ?? 0);

  const to_list = useRef(false);
  useEffect(() => {
    // Until the list that was asked for is there, the one before may still change.
    if (!to_list.current || reading.state === "loading" || reading.wanted !== filter) return;
    // It took the place of the one that had the focus.
    if (document.activeElement === document.body) focusGrid();
    to_list.current = false;
  }, [items]);

  const setFilter = (change: Filter | Narrow) => {
    const wanted = typeof change === "function" ? change(reading.wanted) : change;
    const anew = () => {
      spot.begin();
      selection.fold();
      selection.setPicked(new Set());
      selection.begin();
    };
    const next = isNarrowed(wanted) || wanted.folded ? wanted : { ...wanted, search_id: "" };
    if (isSameList(reading.wanted, next)) return void reading.search(next, anew);
    anew();
    void reading.open(next);
  };
  const toTop = () => {
    if (rows.offset === 0) {
      document.querySelector(".inbox-scroll")!.scrollTop = 0;
      return;
    }
    spot.begin();
    selection.begin();
    void reading.open(filter);
  };
  const reload = () => (reading.state === "away" ? reading.open(filter) : reading.refresh());

  const change = (mention: Mention, fields: Fields, said: string) => {
    void acts.change(mention, fields, said).then(counts.reload);
    focusGrid();
  };
  // Where one was before the slip; who writes elsewhere by then is left there.
  acts.onBack = (id) => {
    const back = rows.items.find((one) => one.id === id);
    if (back && !answering && !selection.field) selection.choose(back);
  };
  const [marked, setMarked] = useState(0);
  const onNotUs = () => void setTimeout(() => setMarked((n) => n + 1), LEARNED_AFTER_MS);
  const deeds = deedsOf({ change, me, onNotUs });
  const [asked, setAsked] = useState<Asked>();
  const snooze = (about: Mention) => setAsked({ what: "when", about });
  const assign = (about: Mention) => members.value && setAsked({ what: "who", about });

  const open = (mention: Mention, to_answer = false) => {
    if (!safeHref(mention.url)) return void toast(t("inbox_no_address"));
    void openMention(mention.url, to_answer).catch(() => toast(t("error_unreachable")));
  };
  const answerTo = (id: string) => {
    rows.hold(id);
    setAnswering(id);
  };
  /** Here where an account of ours can, else on its page with the reply box ready. */
  const answer = async (mention: Mention) => {
    const known = accounts.value ?? (await readAccounts(client, brand.id).catch(() => []));
    const here = known.some(({ network, id }) =>
      mention.account_id ? id === mention.account_id : network === mention.network,
    );
    if (!here) return open(mention, true);
    selection.choose(mention);
    answerTo(mention.id);
  };
  const to_answer = useRef(place?.answer);
  useEffect(() => {
    if (!to_answer.current || current?.id !== place?.selected_id || !current) return;
    to_answer.current = false;
    void answer(current);
  }, [current?.id]);
  const answered = (now?: Mention) => {
    answerTo("");
    if (now) {
      changes.show(now);
      counts.reload();
    }
    focusGrid();
  };

  const row_acts = useRowActs({
    client,
    acts,
    deeds,
    selection,
    members: team,
    accounts: accounts.value ?? [],
    offset: rows.offset,
    answering,
    answer: (mention) => void answer(mention),
    open: (mention) => open(mention),
    snooze,
    assign,
    sameStory: (mention) => setFilter({ ...filter, story_id: mention.story_id ?? "" }),
    seeAnswer: ({ answer: sent }) => sent && go("compose", { id: sent.post_id }),
    onAnswered: answered,
    onUndone: counts.reload,
  });
  useInboxKeys({
    selection,
    deeds,
    answer: (mention) => void answer(mention),
    open: (mention) => open(mention),
    snooze,
    assign,
    pickAll: () => items.length > 0 && selection.setPicked("all"),
    undo: () => acts.undo(),
  });

  return (
    <div class={`inbox in-${mode} ${reading.stale_at ? "stale" : ""}`}>
      <h1 class="visually-hidden">{t("inbox_title")}</h1>
      <Filters
        client={client}
        brand={brand}
        in_app={mode === "app"}
        filter={filter}
        counts={counts}
        names={{ keywords: keywords.value ?? [], members: team, me }}
        refused={reading.refused}
        finding={finding}
        onFind={setFinding}
        onFilter={setFilter}
        onEnter={() => {
          to_list.current = true;
          // Where no list is yet, the next key is none for the search either.
          (document.activeElement as HTMLElement | null)?.blur();
          focusGrid();
        }}
        go={go}
      />
      <div class="inbox-above-list">
        {picked === "all" || picked.size > 0 ? (
          <PickedBar
            picked={picked}
            shown={items.length}
            total={rows.partial ? counts.here?.total : items.length}
            capped={rows.partial && Boolean(counts.here?.capped)}
            members={team}
            zone={zone}
            acts={acts}
            onPick={selection.setPicked}
            onDone={counts.reload}
          />
        ) : (
          <Above filter={filter} folded={counts.stats?.folded ?? 0} onFilter={setFilter} />
        )}
        <WaitingBar store={store} members={team} said_above={said_above} onRetry={reload} />
        <ExclusionProposal
          client={client}
          keywords={keywords.value ?? []}
          marked={marked}
          onExcluded={keywords.reload}
        />
      </div>
      <div class="inbox-body" id={LIST_ID} role="tabpanel" aria-label={t(`inbox_tab_${filter.tab}`)}>
        <NewAbove n={spot.down ? reading.arrived : 0} onShow={toTop} />
        {reading.state === "loading" && <Skeleton rows={9} />}
        {reading.state !== "loading" && items.length === 0 && (
          <>
            <Nothing
              store={store}
              stats={counts.stats}
              keywords={keywords.value}
              status={status.value}
              onFilter={setFilter}
              go={go}
              onRetry={() => void reload()}
            />
            {filter.q && !reading.error && (
              <Wider client={client} q={filter.q} onSearch={(q) => setFilter({ ...filter, q })} />
            )}
          </>
        )}
        {items.length > 0 && (
          <MentionList
            key={JSON.stringify(filter)}
            items={items}
            offset={rows.offset}
            counted={Math.min(counts.here?.total ?? 0, reading.not_beyond ?? Number.POSITIVE_INFINITY)}
            selected={selected}
            whole={selection.whole}
            answering={answering}
            picked={picked}
            others={others}
            field={selection.field}
            acts={row_acts}
            has_more={rows.has_more}
            coming={reading.loading_more}
            onNearEnd={() => void reading.more()}
            onNearTop={() => void reading.above()}
            onFar={(index) => void reading.jump(index)}
            onEnter={selection.unfold}
            scroll_top={spot.scroll_top}
            onScrolled={spot.scrolled}
            label={t("inbox_list")}
          />
        )}
      </div>
      {asked && (
        <Asking
          asked={asked}
          zone={zone}
          members={team}
          change={change}
          onClose={() => {
            setAsked(undefined);
            focusGrid();
          }}
        />
      )}
      <InboxFooter status={status.value} here={counts.here} go={go} />
    </div>
  );
}
