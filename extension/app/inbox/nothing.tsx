import { CheckCheck, CircleAlert, Ear, Filter as FilterIcon, RotateCw, Unplug } from "lucide";
import { clock, plural, t } from "../../shared/i18n";
import type { Keyword, Status } from "../../shared/types";
import { Button, Empty } from "../../shared/ui";
import { type Filter, isNarrowed, NO_FILTER } from "./filter";
import type { InboxStats } from "./stats";
import type { MentionStore } from "./store";

interface NothingProps {
  store: MentionStore;
  stats: InboxStats | undefined;
  keywords: Keyword[] | undefined;
  status: Status | undefined;
  onFilter: (filter: Filter) => void;
  go: (page: string) => void;
  onRetry: () => void;
}

/** No row: why, and what to do next. */
export function Nothing({ store, stats, keywords, status, onFilter, go, onRetry }: NothingProps) {
  const { filter } = store.rows;
  const { error } = store.reading;
  if (error?.status === 422) {
    return (
      <Empty icon={CircleAlert} title={t("inbox_wrong_title")}>
        <p>{t("inbox_wrong_text")}</p>
        <Button onClick={() => onFilter({ ...filter, q: "" })}>{t("inbox_search_clear")}</Button>
      </Empty>
    );
  }
  if (error) {
    return (
      <Empty icon={Unplug} title={t("inbox_away_title")}>
        <p>{error.text}</p>
        <Button kind="primary" icon={RotateCw} onClick={onRetry}>
          {t("inbox_retry")}
        </Button>
      </Empty>
    );
  }
  if (isNarrowed(filter)) {
    // Under no state at all: there is nowhere else to look.
    const elsewhere = filter.tab !== "all" && stats?.total !== 0;
    return (
      <Empty icon={FilterIcon} title={t("inbox_none_fits")}>
        <p>{t(elsewhere ? "inbox_none_fits_tab" : "inbox_none_fits_text")}</p>
        <div class="row wrap">
          {elsewhere && (
            <Button kind="primary" onClick={() => onFilter({ ...filter, tab: "all" })}>
              {t("inbox_look_in_all")}
            </Button>
          )}
          <Button onClick={() => onFilter({ ...NO_FILTER, tab: filter.tab })}>{t("inbox_clear_filters")}</Button>
        </div>
      </Empty>
    );
  }
  if (stats && stats.total > 0) {
    return (
      <Empty icon={CheckCheck} title={t(`inbox_none_${filter.tab}`)}>
        <p>{t(`inbox_none_${filter.tab}_text`)}</p>
        {filter.tab !== "all" && (
          <Button
            onClick={() => onFilter({ ...filter, tab: filter.tab === "new" && stats.tabs.open > 0 ? "open" : "all" })}
          >
            {filter.tab === "new" && stats.tabs.open > 0
              ? plural("inbox_see_open", stats.tabs.open)
              : t("inbox_look_in_all")}
          </Button>
        )}
      </Empty>
    );
  }
  if (keywords && keywords.length === 0) {
    return (
      <Empty icon={Ear} title={t("inbox_first_title")}>
        <p>{t("inbox_first_text")}</p>
        <Button kind="primary" onClick={() => go("keywords")}>
          {t("inbox_first_do")}
        </Button>
      </Empty>
    );
  }
  const next = status?.sources.next_poll_at;
  return (
    <Empty icon={Ear} title={t("inbox_waiting_title")}>
      <p>
        {status && status.sources.total > 0 && next
          ? plural("inbox_waiting_places", status.sources.total, { at: clock(next) })
          : t("inbox_waiting_text")}
      </p>
      <Button onClick={() => go("sources")}>{t("inbox_see_sources")}</Button>
    </Empty>
  );
}
