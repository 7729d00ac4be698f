/** What `/alerts`, `/channels` and `/messages` answer. */

export type Rhythm = "at_once" | "hourly" | "daily" | "weekly";

export interface Alert {
  id: string;
  brand_id: string;
  keyword_id: string | null;
  search_id: string | null;
  name: string;
  rhythm: Rhythm;
  hour: number;
  weekday: number;
  quiet_from: string;
  quiet_until: string;
  proof: boolean;
  channel_ids: string[];
  paused: boolean;
  has_feed: boolean;
  /** For those who may change alerts. */
  feed: { atom: string; json_feed: string } | null;
  /** Stories of the next message. */
  waiting: number;
  next_at: string | null;
  told_at: string | null;
  version: number;
}

export interface ChannelField {
  name: string;
  secret: boolean;
  needed: boolean;
  kind: "text" | "number" | "choice" | "list";
  default: string;
  choices: string[];
}

export interface ChannelKind {
  kind: string;
  fields: ChannelField[];
}

export interface Channel {
  id: string;
  brand_id: string;
  kind: string;
  name: string;
  /** What may be shown. */
  setup: Record<string, string | number | string[]>;
  /** Names of fields that hold a secret. */
  secrets: string[];
  takes: string[];
  paused: boolean;
  state: "ok" | "failing";
  error_code: string;
  error: string;
  failing_since: string | null;
  sent_at: string | null;
  /** Of a webhook, once, in the answer that made it. */
  signing_secret: string | null;
  version: number;
}

export interface Tested {
  ok: boolean;
  code: string;
  message: string;
  channel: Channel;
}

export interface Send {
  id: string;
  channel_id: string;
  channel_kind: string;
  channel_name: string;
  recipient: string;
  state: "waiting" | "sent" | "dead" | "dropped";
  error_code: string;
  error: string;
}

export interface Message {
  id: string;
  brand_id: string;
  kind: string;
  title: string;
  body: string;
  url: string;
  mention_id: string | null;
  sends: Send[];
  created_at: string;
}

export interface Preview {
  title: string;
  body: string;
  html: string;
  stories: number;
  next_at: string | null;
}
