/** What the API answers, as far as the interface reads it. The OpenAPI document of the server is the full truth. */

import type { CountRules } from "./counting";

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

export type Role = "viewer" | "contributor" | "editor" | "owner";

export interface Brand {
  id: string;
  name: string;
  kind: "brand" | "place" | "person" | "institution";
  languages: string[];
  countries: string[];
  time_zone: string;
  voice: string;
  address: "tu" | "vous";
  /** network → handles between commas, "mastodon": "@cafelumiere, @cafelumiere_jobs" */
  handles: Record<string, string>;
  utm: Record<string, string>;
  role: Role;
  version: number;
}

export interface Me {
  member: { id: string; name: string } | null;
  device: { id: string; name: string } | null;
  brands: Brand[];
  server: { version: string; admin: boolean };
}

export interface Status {
  worker_seen_at: string | null;
  sources: { total: number; asleep: number; next_poll_at: string | null };
  /** Pages of the round; left today; not seen for longer than they should be. */
  round: { pages: number; left: number; overdue: number };
  public_address: { url: string; proved_at: string | null };
}

/** Code points of the original text. */
export interface Highlight {
  field: "title" | "text" | "author" | string;
  start: number;
  end: number;
}

export type MentionStatus = "new" | "open" | "replied" | "done" | "spam";
export type Intent = "question" | "complaint" | "praise" | "request" | "advertising";

export interface Mention {
  id: string;
  brand_id: string;
  url: string;
  network: string;
  source_id: string | null;
  source_kind: string;
  author: string;
  author_url: string;
  title: string;
  text: string;
  published_at: string | null;
  seen_at: string;
  language: string;
  sentiment: string | null;
  intent: Intent | null;
  about_us: "yes" | "probably_not" | "no" | null;
  /** Who says so; "" = nobody judged. */
  sentiment_by: "" | "machine" | "person";
  intent_by: "" | "machine" | "person";
  about_us_by: "" | "machine" | "person";
  /** Offensive words as they stand. */
  rude: string[];
  priority: number;
  note: string;
  status: MentionStatus;
  assignee_id: string | null;
  /** How it spoke to a connected account of ours; "" = not at all. `direct`: for nobody else's eyes. */
  addressed: "" | "mention" | "reply" | "quote" | "direct";
  account_id: string | null;
  author_handle: string;
  replied_by: string;
  replied_at: string | null;
  reply_url: string;
  /** The newest answer from here; `state` is its delivery's. */
  answer: { post_id: string; state: string; url: string; by: string; at: string } | null;
  tags: string[];
  keywords: { id: string; name: string; highlights: Highlight[] }[];
  /** Where the words of the search stand, in lists. */
  highlights?: Highlight[];
  places: { source_id: string | null; url: string; seen_at: string }[];
  story_id: string | null;
  story_size: number;
  snoozed_until: string | null;
  version: number;
}

export interface Keyword {
  id: string;
  brand_id: string;
  name: string;
  query: string;
  languages: string[];
  paused: boolean;
  notify: boolean;
  /** Alternatives of folded phrases that must all be there; [] when it cannot be said so. */
  literals: string[][];
  sources: { id: string; kind: string; state: string; last_polled_at: string | null; last_error: string }[];
  mentions: number;
  version: number;
}

/** Whether a place was asked for a keyword's preview; those that cannot be asked carry a `note` code. */
export interface Asked {
  kind: string;
  asked: boolean;
  /** Heard by the brand's round. */
  round: boolean;
  count: number;
  note: string;
}

export interface KeywordPreview {
  count: number;
  items: Mention[];
  asked: Asked[];
}

export interface Source {
  id: string;
  brand_id: string;
  kind: string;
  url: string;
  name: string;
  take: "all" | "matching";
  state: string;
  next_poll_at: string | null;
  last_polled_at: string | null;
  /** Of what is listened to without a break, while it is. */
  listening_since: string | null;
  last_error: string;
  /** What exactly happened, in English: for those who mend it. */
  last_error_text: string;
  /** Where the last poll failed: the UTC day of the last one that did not, null = none did. */
  answered_on: string | null;
  interval_s: number;
  /** Whether a hub tells of its news by itself; "broken": it missed something. */
  push: "" | "asked" | "working" | "broken" | "refused";
  /** Over the last four weeks; null before the first poll. */
  items_per_week: number | null;
  /** What it is read with beside its address: by name only. */
  access: { headers: string[]; log_in: boolean } | null;
  /** Names of the kind's secrets that are kept. */
  secrets: string[];
  purpose: Purpose;
  feed_url: string;
  keyword_id: string | null;
  version: number;
}

/** What a source is listened to for, in the order in which they are shown. */
export const PURPOSES = ["press", "reviews", "forums", "social", "competitors", "video", "page", "accounts"] as const;
export type Purpose = (typeof PURPOSES)[number];

export interface SourceParam {
  name: string;
  /** The key of its label. */
  label: string;
  required: boolean;
  example: string;
  /** What can be said, in English. */
  fits: string;
  choices: string[];
}

export interface SourceKind {
  kind: string;
  name: string;
  /** null where it cannot be asked. */
  purpose: Purpose | null;
  params: SourceParam[];
  /** Kept sealed, never shown again. */
  secrets: SourceParam[];
  /** Headers or a log-in of its own may be given. */
  own_access: boolean;
  needs: string[];
  /** Addresses that may be pasted instead of params. */
  examples: string[];
  keyword_search: boolean;
  /** A person can make a source of it; else it comes with a keyword. */
  by_hand: boolean;
  asked: "by itself" | "by the round" | "cannot";
  why: string;
}

export interface SavedReply {
  id: string;
  brand_id: string;
  title: string;
  shortcut: string;
  text: string;
  language: string;
  tags: string[];
  uses: number;
  version: number;
}

export interface Link {
  id: string;
  brand_id: string;
  code: string;
  url: string;
  short_url: string;
  /** The address itself with its UTM: what goes out while the short one may not. */
  clean_url: string;
  /** False until the public address is proved: then interfaces give the clean address instead, and say why. */
  public: boolean;
  title: string;
  tags: string[];
  created_at: string;
  version: number;
}

export interface LinkStats {
  people: number;
  previews: number;
  robots: number;
  visitors: number;
  series: { at: string; people: number; previews: number; robots: number }[];
  by: { key: string; people: number }[];
}

export interface PublicAddress {
  url: string;
  proved_at: string | null;
  waiting: string[];
}

export interface NetworkAccount {
  id: string;
  brand_id: string;
  network: string;
  server: string;
  handle: string;
  display_name: string;
  avatar_url: string;
  limits: Record<string, unknown>;
  counting?: CountRules;
  state: "ok" | "unauthorized" | "unreachable";
  checked_at: string | null;
  last_error: string;
  /** What its network does not tell it: messages_not_allowed, messages_away. Older servers leave it out. */
  untold?: string[];
  version: number;
}

export interface Network {
  network: string;
  name: string;
  limits: Record<string, unknown>;
  counting: CountRules;
  needs: unknown[];
  share_url: string | null;
}

export type Schedule = { when: "now" } | { when: "queue" } | { when: "at"; at: string; zone: string } | null;

export type DeliveryState =
  | "scheduled"
  | "leased"
  | "prepared"
  | "armed"
  | "published"
  | "rejected"
  | "retry_wait"
  | "uncertain"
  | "held"
  | "needs_you"
  | "handed_over"
  | "dropped";

export interface Delivery {
  id: string;
  account_id: string;
  state: DeliveryState;
  due_at: string | null;
  remote_id: string;
  remote_url: string;
  attempts: number;
  error: string;
}

export interface Post {
  id: string;
  brand_id: string;
  text: string;
  media: Media[];
  targets: string[];
  variants: Record<string, { text?: string; media?: Media[] }>;
  schedule: Schedule;
  deliveries: Delivery[];
  version: number;
}

export interface Media {
  id: string;
  kind: string;
  width: number;
  height: number;
  alt: string;
  url: string;
}

export interface PairingRequest {
  id: string;
  code: string;
  client: string;
  origin: string;
  expires_at: string;
}

export interface Device {
  id: string;
  name: string;
  kind: string;
  origin: string;
  created_at: string;
  last_used_at: string | null;
}

export interface Change {
  id: string;
  kind: string;
  ref: string;
  brand_id: string | null;
}

export interface ExtensionFiles {
  folder: string;
  chrome_zip: string;
  firefox_zip: string;
  version: string;
}
