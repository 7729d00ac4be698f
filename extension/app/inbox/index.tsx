/** The inbox: one list for popup, side panel and app. */
import { useCallback, useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
import type { Client } from "../../shared/api";
import { inExtension } from "../../shared/browser";
import { clock, t } from "../../shared/i18n";
import { openMention } from "../../shared/open";
import { send } from "../../shared/send";
import type { Brand, Keyword, Me, Mention, Page, Status } from "../../shared/types";
import { Button, Skeleton, toast, useKeys, useLoad } from "../../shared/ui";
import type { PageProps } from "../page";
import { Above, ExclusionProposal } from "./above";
import { Acts, complain, snoozeWords } from "./acts";
import { AnswerBox, type AnsweringAccount } from "./answer";
import { WhenDialog, WhoDialog } from "./choosing";
import { Conversation } from "./conversation";
import { type Member, TeamFields } from "./edit";
import { type Filter, isNarrowed, isSameList, NO_FILTER } from "./filter";
import { Filters, LIST_ID } from "./filters";
import { useCounts } from "./find/counts";
import { Wider } from "./find/wider";
import { InboxFooter } from "./footer";
import { Hints } from "./hints";
import { getOrLast } from "./last";
import { GRID_ID, MentionList, NewAbove } from "./list";
import { moreItems } from "./more";
import { Nothing } from "./nothing";
import { type Picked, PickedBar } from "./picked";
import { type Place, readPlace, writePlace } from "./place";
import { usePresence } from "./presence";
import { type RowActs, safeHref } from "./row";
import { useStable } from "./stable";
import { type Fields, MentionStore } from "./store";
import { WaitingBar } from "./waiting";
import { ROW_PX } from "./window";
import "./inbox.css";

export { InboxFooter };

interface InboxProps {
  client: Client;
  brand: Pick<Brand, "id"> & { role?: string; time_zone?: string };
  mode?: "popup" | "panel" | "app";
  /** To a page of the app; where there is no router, a tab with the app is opened. */
  go?: (page: string, params?: Record<string, string>) => void;
}

function openApp(page: string, params?: Record<string, string>): void {
  if (inExtension) void send("open.app", { page, ...(params && { params }) });
}

export function InboxPage({ client, brand, go, params, setParams }: PageProps) {
  useEffect(() => {
    if (!params.mention || params.brand) return; // the app goes to the brand first
    // What a message led to: among all, selected, as if one had been there before.
    const place: Place = {
      filter: { ...NO_FILTER, tab: "all" },
      selected_id: params.mention,
      scroll_top: 0,
      rows: 200,
      anchor_id: params.mention,
      anchor_px: -104, // two rows above it
    };
    writePlace(brand.id, place);
    setParams({});
  }, [params.mention, params.brand, brand.id]);
  if (params.mention) return <Skeleton rows={9} />;
  return (
    <section class="page fill inbox-page">
      <Inbox client={client} brand={brand} mode="app" go={go} />
    </section>
  );
}

/** Waits for where one was, then shows it. Another brand is another inbox. */
export function Inbox(props: InboxProps) {
  const brand_id = props.brand.id;
  const [found, setFound] = useState<{ brand_id: string; place: Place | undefined }>();
  useEffect(() => {
    let gone = false;
    void readPlace(brand_id).then((place) => gone || setFound({ brand_id, place }));
    return () => {
      gone = true;
    };
  }, [brand_id]);
  if (found?.brand_id !== brand_id) return <Skeleton rows={9} />;
  return <BrandInbox key={brand_id} {...props} place={found.place} />;
}

function BrandInbox({ client, brand, mode = "app", go = openApp, place }: InboxProps & { place: Place | undefined }) {
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
  const acts = useMemo(() => new Acts(store), [store]);
  const [selection, setSelection] = useState({ id: place?.selected_id ?? "", at: 0 });
  const [whole, setWhole] = useState(false);
  const scroll_top = useRef(place?.scroll_top ?? 0);
  const [down, setDown] = useState(false);
  const to_list = useRef(false);
  const filter = store.filter;

  const [finding, setFinding] = useState(false);
  const counts = useCounts(client, brand.id, store, finding);
  const { stats } = counts;
  const accounts = useLoad(() => readAccounts(client, brand.id), [store]);
  const [answering, setAnswering] = useState("");
  const answerTo = (id: string) => {
    store.hold(id);
    setAnswering(id);
  };
  const keywords = useLoad(() => readKeywords(client, brand.id), [store]);
  const members = useLoad(() => readMembers(client), [store]);
  const status = useLoad(() => client.get<Status>("/status", { brand_id: brand.id }), [store]);

  useEffect(() => store.watch(), [store]);
  useEffect(() => {
    void store.open({ ...NO_FILTER, ...place?.filter }, place);
    return client.onChange((kinds) => {
      const any = kinds.length === 0 || kinds.includes("") || kinds.includes("reachable");
      if (any || kinds.some((kind) => kind.startsWith("mention."))) {
        void store.refresh();
        counts.reload();
      }
      if (any || kinds.includes("source.changed")) status.reload();
      if (any || kinds.includes("account.changed")) accounts.reload();
      if (kinds.includes("delivery.changed")) void store.refresh();
      if (any || kinds.some((kind) => kind.startsWith("keyword."))) keywords.reload();
    });
  }, [store]);

  const [picked, setPicked] = useState<Picked>(new Set());
  const [field, setField] = useState<"" | "tags" | "note">("");
  const [marked, setMarked] = useState(0);

  // Where the selection is: the same mention wherever it went, else what took its place.
  const { items } = store;
  const found = items.findIndex(({ id }) => id === selection.id);
  // Far away, and let go from memory: it is selected still when one comes back to it.
  const away = found < 0 && store.unloaded.has(selection.id);
  const selected = found >= 0 ? found : away ? -1 : Math.min(selection.at, items.length - 1);
  const current = items[selected];
  const is_answering = answering !== "" && answering === current?.id;
  const others = usePresence(client, brand.id, members.value?.me ?? "", current?.id ?? "", is_answering);
  useLayoutEffect(() => {
    if (current && (current.id !== selection.id || selected !== selection.at)) {
      if (current.id !== selection.id) fold();
      setSelection({ id: current.id, at: selected });
    }
  }, [current?.id, selected]);

  useEffect(() => {
    // The list has moved by now where it had to, to keep its place: still at the top, what came is seen already.
    const top = document.querySelector(".inbox-scroll")?.scrollTop ?? 0;
    setDown(top >= 8);
    if (top < 8) store.seen();
    // Another list took the place of the one that had the focus.
    if (to_list.current && document.activeElement === document.body) focusGrid();
    to_list.current = false;
  }, [items]);

  if (store.begin_at !== undefined) {
    scroll_top.current = store.begin_at;
    store.begin_at = undefined;
  }
  const newest: Place = { filter, selected_id: selection.id, scroll_top: 0, rows: items.length };
  const remember = useRef(newest);
  remember.current = newest;
  const anchor = useRef<Pick<Place, "anchor_id" | "anchor_index" | "anchor_px">>({});
  const write = useCallback(
    () => writePlace(brand.id, { ...remember.current, scroll_top: scroll_top.current, ...anchor.current }),
    [brand.id],
  );
  useEffect(() => {
    if (store.state === "ready") write();
  }, [filter, selection.id, items.length > 0]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const scrolled = (top: number, index: number) => {
    scroll_top.current = top;
    const seen = items[index - store.offset];
    if (seen) {
      store.looking_at = seen.id;
      anchor.current = { anchor_id: seen.id, anchor_index: index, anchor_px: top % ROW_PX };
    }
    setDown(top >= 8);
    if (top < 8) store.seen();
    clearTimeout(timer.current);
    timer.current = setTimeout(write, 150);
  };
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      if (store.state === "ready") write();
    },
    [],
  );

  const fold = () => {
    setWhole(false);
    setField("");
  };
  const setFilter = (wanted: Filter) => {
    const anew = () => {
      scroll_top.current = 0;
      setWhole(false);
      setPicked(new Set());
      setSelection({ id: "", at: 0 });
    };
    const next = isNarrowed(wanted) || wanted.folded ? wanted : { ...wanted, search_id: "" };
    if (isSameList(filter, next)) return void store.search(next, anew);
    anew();
    void store.open(next);
  };
  const setFilterAnew = () => {
    scroll_top.current = 0;
    setSelection({ id: "", at: 0 });
    void store.open(filter);
  };
  const select = (index: number) => {
    const mention = items[Math.max(0, Math.min(index, items.length - 1))];
    if (!mention) return;
    if (mention.id !== selection.id) fold();
    setSelection({ id: mention.id, at: items.indexOf(mention) });
    focusGrid();
  };
  /** By key; from what is seen where the selected one is far away. */
  const step = (by: number) => {
    if (selected >= 0) return select(selected + by);
    select(items.findIndex(({ id }) => id === store.looking_at));
  };
  const change = (mention: Mention, fields: Fields, said: string) => {
    void acts.change(mention, fields, said).then(counts.reload);
    focusGrid();
  };
  const setStatus = (mention: Mention, status: Mention["status"]) =>
    change(mention, { status }, t(`inbox_said_${status}`));
  const done = (mention: Mention) =>
    setStatus(mention, ["done", "replied", "spam"].includes(mention.status) ? "open" : "done");
  const notUs = (mention: Mention) => {
    change(mention, { about_us: "no", status: "done" }, t("inbox_said_not_us"));
    // What was learned of it is ready some seconds later.
    setTimeout(() => setMarked((n) => n + 1), LEARNED_AFTER_MS);
  };
  const ours = (mention: Mention) =>
    change(
      mention,
      { about_us: "yes", ...(mention.status === "spam" && { status: "open" as const }) },
      t("inbox_said_us"),
    );
  const first = (mention: Mention) =>
    change(
      mention,
      { priority: mention.priority > 0 ? 0 : 1 },
      t(mention.priority > 0 ? "inbox_said_not_first" : "inbox_said_first"),
    );
  const take = (mention: Mention) => {
    const mine = members.value?.me;
    if (!mine) return;
    const back = mention.assignee_id === mine;
    change(mention, { assignee_id: back ? null : mine }, t(back ? "inbox_said_unassigned" : "inbox_said_taken"));
  };
  const edit = (name: "tags" | "note") => {
    setWhole(true);
    setField(name);
  };
  const pick = (mention: Mention) => {
    const chosen = new Set(picked === "all" ? [] : picked);
    if (!chosen.delete(mention.id)) chosen.add(mention.id);
    setPicked(chosen);
  };
  const [asking, setAsking] = useState<{ what: "when" | "who"; about: Mention }>();
  const zone = brand.time_zone ?? "";
  const snooze = (about: Mention) => setAsking({ what: "when", about });
  const assign = (about: Mention) => members.value && setAsking({ what: "who", about });
  const answered = () => {
    setAsking(undefined);
    focusGrid();
  };
  const go_to = (mention: Mention, answer: boolean) => {
    if (!safeHref(mention.url)) return void toast(t("inbox_no_address"));
    void openMention(mention.url, answer).catch(() => toast(t("error_unreachable")));
  };
  /** Here where an account of ours can, else on its page with the reply box ready. */
  const answer = async (mention: Mention) => {
    const known = accounts.value ?? (await readAccounts(client, brand.id).catch(() => []));
    const here = known.some(({ network, id }) =>
      mention.account_id ? id === mention.account_id : network === mention.network,
    );
    if (!here) return go_to(mention, true);
    setSelection({
      id: mention.id,
      at: Math.max(
        0,
        store.items.findIndex(({ id }) => id === mention.id),
      ),
    });
    answerTo(mention.id);
  };
  const row_acts: RowActs = {
    answer: (mention) => void answer(mention),
    open: (mention) => go_to(mention, false),
    done,
    notUs,
    // Rows count from the top of the whole list.
    select: (index) => select(index - store.offset),
    toggle: (index) => (index - store.offset === selected ? setWhole(!whole) : select(index - store.offset)),
    more: (mention) => moreItems(mention, { setStatus, snooze, notUs, ours, change, first, take, assign, edit }),
    ours,
    pick,
    sameStory: (mention) => setFilter({ ...filter, story_id: mention.story_id ?? "" }),
    hints: (mention) => <Hints mention={mention} onJudge={(fields, said) => change(mention, fields, said)} />,
    team: (mention) => (
      <TeamFields
        key={mention.id}
        client={client}
        mention={mention}
        members={members.value?.items ?? []}
        at={field}
        onChange={(fields, said) => void acts.change(mention, fields, said)}
        onUndo={(act) => void acts.undoLogged(act, mention).then(counts.reload)}
      />
    ),
    conversation: (mention) => <Conversation key={mention.id} client={client} mention={mention} />,
    below: (mention) =>
      mention.id === answering && (
        <AnswerBox
          key={mention.id}
          client={client}
          mention={mention}
          accounts={accounts.value ?? []}
          onClose={() => {
            answerTo("");
            focusGrid();
          }}
          onSent={(now) => {
            answerTo("");
            store.show(now);
            counts.reload();
            focusGrid();
          }}
        />
      ),
  };
  const stable_acts = useStable<RowActs>(row_acts);

  const on = (act: (mention: Mention) => void) => () => current && act(current);
  useKeys(
    [
      { key: "j", label: t("inbox_key_next"), run: () => step(1) },
      { key: "ArrowDown", label: "", run: () => step(1) },
      { key: "k", label: t("inbox_key_previous"), run: () => step(-1) },
      { key: "ArrowUp", label: "", run: () => step(-1) },
      { key: "↵", label: t("inbox_key_unfold"), run: () => setWhole(!whole) },
      { key: "r", label: t("inbox_key_answer"), run: on((mention) => void answer(mention)) },
      { key: "o", label: t("inbox_key_open"), run: on((mention) => go_to(mention, false)) },
      { key: "e", label: t("inbox_key_done"), run: on(done) },
      { key: "x", label: t("inbox_key_not_us"), run: on(notUs) },
      { key: "s", label: t("inbox_key_snooze"), run: on(snooze) },
      { key: "v", label: t("inbox_key_pick"), run: on(pick) },
      { key: "Shift+V", label: t("inbox_key_pick_all"), run: () => items.length > 0 && setPicked("all") },
      { key: "a", label: t("inbox_key_take"), run: on(take) },
      { key: "t", label: t("inbox_key_tag"), run: on(() => edit("tags")) },
      { key: "n", label: t("inbox_key_note"), run: on(() => edit("note")) },
      { key: "!", label: t("inbox_key_first"), run: on(first) },
      { key: "Shift+A", label: t("inbox_key_assign"), run: on(assign) },
      { key: "Shift+R", label: t("inbox_key_replied"), run: on((mention) => setStatus(mention, "replied")) },
      { key: "Shift+N", label: t("inbox_key_new"), run: on((mention) => setStatus(mention, "new")) },
      { key: "#", label: t("inbox_key_spam"), run: on((mention) => setStatus(mention, "spam")) },
      { key: "u", label: t("inbox_key_undo"), run: () => acts.undo() },
    ],
    [],
  );

  const wrong = store.error?.status === 422 ? store.error : undefined;
  // Popup and panel say above the list that the server is away, and have the button there.
  const in_app = mode === "app";
  const reload = () => (store.state === "away" ? store.open(filter) : store.refresh());
  return (
    <div class={`inbox in-${mode} ${store.stale_at ? "stale" : ""}`}>
      <h1 class="visually-hidden">{t("inbox_title")}</h1>
      <Filters
        client={client}
        brand={brand}
        in_app={in_app}
        filter={filter}
        counts={counts}
        names={{
          keywords: keywords.value ?? [],
          members: members.value?.items ?? [],
          me: members.value?.me ?? "",
        }}
        refused={store.refused}
        finding={finding}
        onFind={setFinding}
        onFilter={setFilter}
        onEnter={() => {
          to_list.current = true;
          focusGrid();
        }}
        go={go}
      />
      <div class="inbox-above-list">
        {picked === "all" || picked.size > 0 ? (
          <PickedBar
            picked={picked}
            shown={items.length}
            total={store.partial ? counts.here?.total : items.length}
            capped={store.partial && Boolean(counts.here?.capped)}
            members={members.value?.items ?? []}
            zone={zone}
            acts={acts}
            onPick={setPicked}
            onDone={counts.reload}
          />
        ) : (
          <Above filter={filter} folded={stats?.folded ?? 0} onFilter={setFilter} />
        )}
        <WaitingBar store={store} members={members.value?.items ?? []} />
        <ExclusionProposal
          client={client}
          keywords={keywords.value ?? []}
          marked={marked}
          onExcluded={keywords.reload}
        />
      </div>
      <div class="inbox-body" id={LIST_ID} role="tabpanel" aria-label={t(`inbox_tab_${filter.tab}`)}>
        <NewAbove
          n={down ? store.arrived : 0}
          onShow={() => {
            if (store.offset > 0) setFilterAnew();
            else document.querySelector(".inbox-scroll")!.scrollTop = 0;
          }}
        />
        {store.state === "loading" && <Skeleton rows={9} />}
        {store.state !== "loading" && items.length === 0 && (
          <>
            <Nothing
              store={store}
              stats={stats}
              keywords={keywords.value}
              status={status.value}
              onFilter={setFilter}
              go={go}
              {...(in_app && { onRetry: () => void reload() })}
            />
            {filter.q && !store.error && (
              <Wider client={client} q={filter.q} onSearch={(q) => setFilter({ ...filter, q })} />
            )}
          </>
        )}
        {items.length > 0 && (
          <MentionList
            key={JSON.stringify(filter)}
            items={items}
            offset={store.offset}
            counted={Math.min(counts.here?.total ?? 0, store.not_beyond ?? Number.POSITIVE_INFINITY)}
            selected={selected}
            whole={whole}
            answering={answering}
            picked={picked}
            others={others}
            field={field}
            acts={stable_acts}
            has_more={store.has_more}
            coming={store.loading_more}
            onNearEnd={() => void store.more()}
            onNearTop={() => void store.above()}
            onFar={(index) => void store.jump(index)}
            onEnter={() => setWhole(!whole)}
            scroll_top={scroll_top.current}
            onScrolled={scrolled}
            label={t("inbox_list")}
          />
        )}
      </div>
      {store.error && !wrong && items.length > 0 && (
        <p class="inbox-away" role="status">
          <span class="grow">
            {store.stale_at ? t("inbox_as_of", { at: clock(store.stale_at) }) : store.error.text}
          </span>
          {in_app && <Button onClick={() => void reload()}>{t("inbox_retry")}</Button>}
        </p>
      )}
      {asking?.what === "when" && (
        <WhenDialog
          zone={zone}
          onChoose={(until) => change(asking.about, { snoozed_until: until.toISOString() }, snoozeWords(until))}
          onClose={answered}
        />
      )}
      {asking?.what === "who" && (
        <WhoDialog
          members={members.value?.items ?? []}
          onChoose={(one) =>
            change(
              asking.about,
              { assignee_id: one?.id ?? null },
              one ? t("inbox_said_assigned", { name: one.name }) : t("inbox_said_unassigned"),
            )
          }
          onClose={answered}
        />
      )}
      <InboxFooter status={status.value} here={counts.here} go={go} />
    </div>
  );
}

const LEARNED_AFTER_MS = 30_000;

function focusGrid(): void {
  const grid = document.getElementById(GRID_ID);
  if (document.activeElement !== grid) grid?.focus({ preventScroll: true });
}

async function readAccounts(client: Client, brand_id: string): Promise<AnsweringAccount[]> {
  return (await getOrLast<Page<AnsweringAccount>>(client, "/accounts", { brand_id, limit: 200 })).items;
}

async function readKeywords(client: Client, brand_id: string): Promise<Keyword[]> {
  return (await getOrLast<Page<Keyword>>(client, "/keywords", { brand_id, limit: 200 })).items;
}

/** Who works here, and which of them is the one who looks. */
async function readMembers(client: Client): Promise<{ items: Member[]; me: string }> {
  const [{ items }, { member }] = await Promise.all([
    getOrLast<{ items: Member[] }>(client, "/members"),
    getOrLast<Me>(client, "/me"),
  ]);
  return { items, me: member?.id ?? "" };
}
