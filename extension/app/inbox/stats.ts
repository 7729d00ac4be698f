/** Counts of the inbox, as the tabs and the filter menu need them. */
import type { MentionStatus } from "../../shared/types";
import { STATES, type TabId } from "./store";

/** What `GET /mentions/stats` answers, as far as it is read here. */
export interface StatsAnswer {
  total: number;
  by_status: Partial<Record<MentionStatus, number>>;
  by_network: { key: string; count: number }[];
}

export interface InboxStats {
  total: number;
  tabs: Record<TabId, number>;
  /** Most frequent first. */
  networks: string[];
  /** Probably not about us, and waiting. */
  folded: number;
}

export function readStats(answer: StatsAnswer, to_answer: number, folded: number): InboxStats {
  const count = (tab: TabId) => STATES[tab].reduce((sum, status) => sum + (answer.by_status[status] ?? 0), 0);
  const total = answer.total;
  return {
    total,
    folded,
    tabs: { to_answer, new: count("new"), open: count("open"), done: count("done"), all: total },
    networks: [...answer.by_network].sort((a, b) => b.count - a.count).map(({ key }) => key),
  };
}
