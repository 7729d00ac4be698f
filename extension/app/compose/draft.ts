/** A post while it is being written, and how it goes to the API and comes back. */
import type { Attached, Post, When } from "./types";

export interface Draft {
  text: string;
  targets: string[];
  /** Account → its own text; no entry = the common one. */
  variants: Record<string, string>;
  media: Attached[];
  when: When;
}

export function emptyDraft(targets: string[]): Draft {
  return { text: "", targets, variants: {}, media: [], when: { when: "now" } };
}

export function draftOf(post: Post): Draft {
  const texts = Object.entries(post.variants).filter(([, { text }]) => typeof text === "string");
  return {
    text: post.text,
    targets: post.targets,
    variants: Object.fromEntries(texts.map(([id, { text }]) => [id, text!])),
    media: post.media,
    when:
      post.schedule?.when === "at" && post.schedule.at
        ? { when: "at", at: post.schedule.at, zone: post.schedule.zone ?? "UTC" }
        : { when: "now" },
  };
}

/** What is sent, without the schedule: a draft has none. */
export function bodyOf(draft: Draft): Record<string, unknown> {
  const variants = Object.entries(draft.variants).filter(([id]) => draft.targets.includes(id));
  return {
    text: draft.text,
    targets: draft.targets,
    variants: Object.fromEntries(variants.map(([id, text]) => [id, { text }])),
    media: draft.media.map(({ id, alt }) => ({ id, alt })),
  };
}

export function isEmpty(draft: Draft): boolean {
  return (
    draft.text.trim() === "" && draft.media.length === 0 && Object.values(draft.variants).every((text) => !text.trim())
  );
}

export function isSame(a: Draft, b: Draft): boolean {
  return JSON.stringify(bodyOf(a)) === JSON.stringify(bodyOf(b));
}

/** The text that goes to one account. */
export function textFor(draft: Draft, account_id: string): string {
  return draft.variants[account_id] ?? draft.text;
}
