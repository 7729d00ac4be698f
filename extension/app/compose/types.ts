/** What `/posts`, `/deliveries`, `/accounts`, `/networks` and `/media` answer, as far as composing needs it. */
import type { CountRules } from "../../shared/counting";
import type { DeliveryState } from "../../shared/types";

export interface MediaRules {
  images: number;
  image_bytes: number;
  types: string[];
  alt: boolean;
  alt_length: number;
}

export interface Account {
  id: string;
  network: string;
  server: string;
  handle: string;
  display_name: string;
  state: "ok" | "unauthorized" | "unreachable";
  counting: CountRules;
  media: MediaRules;
}

export interface Network {
  network: string;
  name: string;
  publish: boolean;
  counting: CountRules;
  share_intent: { template: string; carries: string[] } | null;
}

export interface Delivery {
  id: string;
  post_id: string;
  account_id: string;
  network: string;
  state: DeliveryState;
  due_at: string;
  next_try_at: string | null;
  published_at: string | null;
  remote_url: string;
  attempts: number;
  error: { code: string; message: string } | null;
}

export interface Attached {
  id: string;
  alt: string;
  url: string;
}

export type When = { when: "now" } | { when: "at"; at: string; zone: string };

export interface Post {
  id: string;
  brand_id: string;
  text: string;
  language: string;
  media: Attached[];
  targets: string[];
  variants: Record<string, { text?: string | null; media?: Attached[] | null }>;
  schedule: { when: "now" | "at"; at: string | null; zone: string | null } | null;
  scheduled_for: string | null;
  status: "draft" | "scheduled" | "attention" | "published";
  deliveries: Delivery[];
  created_by: string;
  created_at: string;
  version: number;
}
