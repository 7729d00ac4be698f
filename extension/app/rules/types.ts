/** What `/rules` answers. */

export type Intent = "question" | "complaint" | "praise" | "request" | "advertising";

export interface When {
  event: "arrives" | "changes" | "waited";
  hours: number | null;
}

export interface If {
  query: string;
  keyword_id: string | null;
  authors: string[];
  intents: Intent[];
  sentiment: "positive" | "neutral" | "negative" | null;
  network: string;
  about_us: "yes" | "probably_not" | "no" | null;
  from_hour: number | null;
  until_hour: number | null;
  /** 0 is Monday. */
  weekdays: number[];
  more_than: number | null;
}

export interface Do {
  tag: string[];
  untag: string[];
  assign: string | null;
  done: boolean;
  spam: boolean;
  priority: number | null;
  alert: boolean;
  webhook: string | null;
  snooze_hours: number | null;
  snooze_until_hour: number | null;
}

export interface RuleBody {
  when: When;
  if: If;
  then: Do;
  else: Do;
}

export interface Rule extends RuleBody {
  id: string;
  name: string;
  ready: string;
  enabled: boolean;
  /** Why it was switched off by itself, "" where it was not. */
  error: string;
  error_at: string | null;
  version: number;
}

export interface Ready extends RuleBody {
  key: string;
  name: string;
  needs: "" | "member";
}

export interface RuleMention {
  id: string;
  url: string;
  author: string;
  title: string;
  text: string;
  at: string;
}

export type Changes = Record<string, unknown>;

export interface DryRun {
  looked_at: number;
  more: boolean;
  then: number;
  otherwise: number;
  changed: number;
  would: Record<string, number>;
  examples: { mention: RuleMention; branch: "then" | "else"; changes: Changes }[];
}

export interface Run {
  id: string;
  rule_id: string;
  mention: RuleMention | null;
  at: string;
  branch: "then" | "else";
  before: Changes;
  after: Changes;
  said: boolean;
  undoable: boolean;
  undone_at: string | null;
  undone_by: string;
  kept: boolean;
}

export const NOTHING: Do = {
  tag: [],
  untag: [],
  assign: null,
  done: false,
  spam: false,
  priority: null,
  alert: false,
  webhook: null,
  snooze_hours: null,
  snooze_until_hour: null,
};

export const ALWAYS: If = {
  query: "",
  keyword_id: null,
  authors: [],
  intents: [],
  sentiment: null,
  network: "",
  about_us: null,
  from_hour: null,
  until_hour: null,
  weekdays: [],
  more_than: null,
};
