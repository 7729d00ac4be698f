/** Counts of the inbox, as the tabs and the filter menu need them. */
import type { MentionStatus } from "../../shared/types";
import { STATES, type TabId } from "./store";

/** What `GET /mentions/stats` answers, as far as it is read here. */
export interface StatsAnswer {
  total: number;
  statuses: Partial<Record<MentionStatus, number>>;
  networks: Record<string, number>;
}

export interface InboxStats {
  total: number;
  tabs: Record<TabId, number>;
  /** Most frequent first. */
  networks: string[];
}

export function readStats(answer: StatsAnswer): InboxStats {
  const count = (tab: TabId) => STATES[tab].reduce((sum, status) => sum + (answer.statuses[status] ?? 0), 0);
  return {
    total: answer.total,
    tabs: { new: count("new"), open: count("open"), done: count("done"), all: answer.total },
    networks: Object.entries(answer.networks)
      .sort(([, a], [, b]) => b - a)
      .map(([network]) => network),
  };
}
