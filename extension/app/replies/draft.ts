/** A reply as it is being edited, and what should be said about it before it is saved. */
import type { SavedReply } from "../../shared/types";
import { plainWords } from "./variables";

export interface Draft {
  title: string;
  shortcut: string;
  text: string;
  /** "" = found by the server from the text. */
  language: string;
  tags: string;
}

export const EMPTY: Draft = { title: "", shortcut: "", text: "", language: "", tags: "" };

export function draftOf(reply: SavedReply): Draft {
  const { title, shortcut, text, language } = reply;
  return { title, shortcut, text, language, tags: reply.tags.join(", ") };
}

export function isSame(a: Draft, b: Draft): boolean {
  return (Object.keys(EMPTY) as (keyof Draft)[]).every((name) => a[name].trim() === b[name].trim());
}

export function readTags(tags: string): string[] {
  return [...new Set(tags.split(",").map((tag) => tag.trim()))].filter(Boolean);
}

/** Another reply with the same shortcut, and one that says the same. */
export function doubles(
  draft: Draft,
  others: SavedReply[],
): { shortcut: SavedReply | undefined; text: SavedReply | undefined } {
  const shortcut = draft.shortcut.trim().replace(/^\//, "").toLowerCase();
  const words = plainWords(draft.text);
  return {
    shortcut: shortcut ? others.find((other) => other.shortcut.toLowerCase() === shortcut) : undefined,
    text: words.length > 8 ? others.find((other) => plainWords(other.text) === words) : undefined,
  };
}
