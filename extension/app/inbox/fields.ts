/** What a person can change of a mention. */
import type { Mention } from "../../shared/types";

export const FIELDS = [
  "status",
  "about_us",
  "snoozed_until",
  "note",
  "tags",
  "assignee_id",
  "priority",
  "sentiment",
  "intent",
  "reply_url",
] as const;

export type Fields = Partial<Pick<Mention, (typeof FIELDS)[number]>>;
