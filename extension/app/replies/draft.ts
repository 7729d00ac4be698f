/** A reply as it is being edited, and what should be said about it before it is saved. */
import type { ApiError } from "../../shared/api";
import { t } from "../../shared/i18n";
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

/** What the server refused, field by field, in the reader's words: it answers in English. */
export function wordsOf(error: ApiError | undefined): Partial<Record<keyof Draft, string>> {
  const said: Partial<Record<keyof Draft, string>> = {};
  for (const name of Object.keys(error?.fields ?? {})) {
    if (name === "text" && error?.code === "variable") {
      const { variable = "" } = error.extra as { variable?: string };
      said.text = variable ? t("replies_bad_variable", { variable }) : t("replies_bad_braces");
    } else if (name === "shortcut" && error?.code === "shortcut_taken") said.shortcut = t("replies_shortcut_taken");
    else if (name in EMPTY) said[name as keyof Draft] = t(`replies_bad_${name}`);
  }
  return said;
}
