import { ChevronDown, ListFilter, Search, X } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import type { ApiError } from "../../shared/api";
import { hasMessage, number, t } from "../../shared/i18n";
import type { Keyword } from "../../shared/types";
import { Icon, IconButton, Kbd, Menu, type MenuItem, Tabs, useKeys } from "../../shared/ui";
import type { InboxStats } from "./stats";
import type { Filter, TabId } from "./store";
import { networkName } from "./who";

const TABS: TabId[] = ["to_answer", "new", "open", "done", "all"];
const WAIT_MS = 250;
const MOST_KEYWORDS = 60;
export const LIST_ID = "inbox-list";

interface FiltersProps {
  filter: Filter;
  stats: InboxStats | undefined;
  keywords: Keyword[];
  /** A query that does not parse. */
  wrong: ApiError | undefined;
  onFilter: (filter: Filter) => void;
}

/** Search, states with their counts, keyword and network. */
export function Filters({ filter, stats, keywords, wrong, onFilter }: FiltersProps) {
  const tabs = TABS.map((id) => ({
    id,
    label: (
      <>
        {t(`inbox_tab_${id}`)}
        {stats && id !== "done" && id !== "all" && stats.tabs[id] > 0 && (
          <span class="inbox-count"> {number(stats.tabs[id])}</span>
        )}
      </>
    ),
  }));
  return (
    <div class="inbox-filters">
      <SearchBox q={filter.q} wrong={wrong} onSearch={(q) => onFilter({ ...filter, q })} />
      <div class="inbox-tabs">
        <Tabs
          label={t("inbox_states")}
          chosen={filter.tab}
          tabs={tabs}
          onChoose={(tab) => onFilter({ ...filter, tab: tab as TabId })}
          controls={LIST_ID}
        />
        <span class="grow" />
        <WhatMenu filter={filter} stats={stats} keywords={keywords} onFilter={onFilter} />
      </div>
    </div>
  );
}

/** Keyword and network in one menu: the button says what is chosen. */
function WhatMenu({ filter, stats, keywords, onFilter }: Omit<FiltersProps, "wrong">) {
  const grouping: MenuItem = {
    label: t("inbox_group"),
    checked: filter.grouped,
    separated: true,
    run: () => onFilter({ ...filter, grouped: !filter.grouped }),
  };
  const networks = [...new Set([...(stats?.networks ?? []), filter.network])].filter(Boolean);
  const items: MenuItem[] = [
    {
      label: t("inbox_all_networks"),
      checked: filter.network === "",
      run: () => onFilter({ ...filter, network: "" }),
    },
    ...networks.map((network) => ({
      label: networkName(network),
      checked: filter.network === network,
      run: () => onFilter({ ...filter, network }),
    })),
  ];
  if (keywords.length > 0) {
    items.push(
      {
        label: t("inbox_all_keywords"),
        checked: filter.keyword_id === "",
        separated: true,
        run: () => onFilter({ ...filter, keyword_id: "" }),
      },
      ...keywords.slice(0, MOST_KEYWORDS).map(({ id, name }) => ({
        label: name,
        checked: filter.keyword_id === id,
        run: () => onFilter({ ...filter, keyword_id: id }),
      })),
    );
  }
  items.push(grouping);
  const chosen = [
    filter.network && networkName(filter.network),
    keywords.find(({ id }) => id === filter.keyword_id)?.name,
  ].filter(Boolean);
  return (
    <Menu
      label={`${t("inbox_filter")}: ${chosen.join(", ") || t("inbox_all_networks")}`}
      items={items}
      class={`btn ghost inbox-what ${chosen.length > 0 ? "chosen" : ""}`}
    >
      <span class="cut">{chosen.join(", ") || t("inbox_all_networks")}</span>
      <Icon icon={ChevronDown} class="wide" />
      <Icon icon={ListFilter} class="narrow" />
    </Menu>
  );
}

/** Types ahead: the list follows a moment after the last letter. Escape empties it, then leaves it. */
function SearchBox({ q, wrong, onSearch }: { q: string; wrong: ApiError | undefined; onSearch: (q: string) => void }) {
  const [text, setText] = useState(q);
  const input = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => setText(q), [q]);
  useEffect(() => () => clearTimeout(timer.current), []);
  useKeys([{ key: "/", label: t("inbox_key_search"), run: () => input.current?.select() }], []);
  const typed = (value: string, wait = WAIT_MS) => {
    setText(value);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onSearch(value.trim()), wait);
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Enter") typed(text, 0);
    if (event.key !== "Escape") return;
    event.preventDefault();
    if (text) typed("", 0);
    else input.current?.blur();
  };
  return (
    <>
      <search class="inbox-find">
        <Icon icon={Search} />
        <input
          ref={input}
          type="text"
          inputMode="search"
          value={text}
          placeholder={t("inbox_search_hint")}
          aria-label={t("inbox_search")}
          aria-keyshortcuts="/"
          aria-invalid={Boolean(wrong)}
          aria-describedby={wrong ? "inbox-wrong" : undefined}
          spellcheck={false}
          onInput={(event) => typed(event.currentTarget.value)}
          onKeyDown={keys}
        />
        {text ? <IconButton icon={X} label={t("inbox_search_clear")} onClick={() => typed("", 0)} /> : <Kbd>/</Kbd>}
      </search>
      {wrong && (
        <p class="inbox-wrong" id="inbox-wrong" role="alert">
          {sentenceOf(wrong)}
        </p>
      )}
    </>
  );
}

/** A query's fault in the reader's words; the server names the sentence and what goes into it. */
export function sentenceOf(wrong: ApiError): string {
  const { key, params } = wrong.extra as { key?: string; params?: Record<string, string | number> };
  return key && hasMessage(key) ? t(key, params ?? {}) : wrong.textOf("q");
}
