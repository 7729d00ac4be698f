/** Counts of the inbox, as tabs, panel and footer need them. */
import { number, t } from "../../shared/i18n";
import type { MentionStatus } from "../../shared/types";
import { STATES, type TabId } from "./filter";

/** How many of the counted were judged at all, and how many of those by a person. */
export interface Judged {
  of: number;
  judged: number;
  by_person: number;
}

/** What `GET /mentions/stats` answers, as far as it is read here. */
export interface StatsAnswer {
  total: number;
  /** There may be more than was counted, of these states. */
  capped: boolean;
  capped_statuses: MentionStatus[];
  by_status: Partial<Record<MentionStatus, number>>;
  facets: { name: string; values: { key: string; count: number }[] }[];
  /** Facets are of the newest so many. */
  facets_of: number;
  facets_capped: boolean;
  sentiment_judged?: Judged;
  intent_judged?: Judged;
}

export interface InboxStats {
  total: number;
  tabs: Record<TabId, number>;
  /** Tabs that hold more than was counted. */
  capped: Record<TabId, boolean>;
  /** Probably not about us, and waiting. */
  folded: number;
}

export function readStats(all: StatsAnswer, to_answer: StatsAnswer, folded: number): InboxStats {
  const more = new Set(all.capped_statuses);
  const count = (tab: TabId) => STATES[tab].reduce((sum, status) => sum + (all.by_status[status] ?? 0), 0);
  const capped = (tab: TabId) => (STATES[tab].length ? STATES[tab] : SHOWN).some((status) => more.has(status));
  return {
    total: all.total,
    folded,
    tabs: { to_answer: to_answer.total, new: count("new"), open: count("open"), done: count("done"), all: all.total },
    capped: {
      to_answer: to_answer.capped,
      new: capped("new"),
      open: capped("open"),
      done: capped("done"),
      all: capped("all"),
    },
  };
}

const SHOWN: MentionStatus[] = ["new", "open", "replied", "done"];

/** "41", or "1,000+" where there are more. */
export function written(n: number, capped: boolean): string {
  return capped ? t("find_more_than", { n: number(n) }) : number(n);
}
