/** Fields of a search, and what may stand behind each: as the server knows them (backend/query/fields.py; tested). */

export const FIELDS = ["is", "lang", "tag", "author", "title", "site", "type", "source", "since", "until"] as const;
export type FieldName = (typeof FIELDS)[number];
/** What keywords, which find new things, may ask. */
export const KEYWORD_FIELDS: readonly string[] = ["title", "author", "site", "lang", "type", "source"];

export const TYPES = ["post", "comment", "article", "video", "page"];

export const STATES = [
  ...["complaint", "question", "request", "praise", "advertising", "positive", "negative", "neutral"],
  ...["unanswered", "answered", "addressed", "private", "mine", "unassigned", "assigned", "snoozed"],
  ...["new", "open", "replied", "done", "spam", "probably-not", "not-us"],
];

const DAY = /^((?:1[89]|2\d)\d\d)(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/;
const AGO = /^\d{1,4}[hdjwsmya]$/;
const NAMED_DAYS = ["today", "yesterday", "aujourd’hui", "aujourd'hui", "hier"];

/** Whether the server can read `value` behind `field`; texts (`title:`, `author:`, `tag:`) hold anything. */
export function isValue(field: string, value: string): boolean {
  const written = value.trim().toLowerCase();
  if (field === "is") return STATES.includes(written.replaceAll("_", "-"));
  if (field === "type") return TYPES.includes(written);
  if (field === "source") return /^[a-z][a-z0-9_]{1,19}$/.test(written.replace(/[\s-]/gu, ""));
  if (field === "lang") return /^[a-z]{2,3}(?:[-_][a-z0-9]{2,8})*$/.test(written);
  if (field === "site") {
    const host = written.replace(/^(?:https?:\/\/)?(?:www\.)?/, "").split("/")[0]!;
    return /^[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*\.*$/u.test(host);
  }
  if (field === "since" || field === "until")
    return AGO.test(written) || NAMED_DAYS.includes(written) || isDay(written);
  return true;
}

function isDay(written: string): boolean {
  const found = DAY.exec(written);
  if (!found) return false;
  const [year, month, day] = found.slice(1).map((part) => (part === undefined ? 1 : Number(part))) as [
    number,
    number,
    number,
  ];
  const at = new Date(Date.UTC(year, month - 1, day));
  return at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
}

/** `author:"Maud Delcroix"`, `tag:press`: one field as it is written in a search. */
export function writeField(field: string, value: string): string {
  const plain = value
    .replace(/["“”„‟〝〞＂«»‹›]/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  return /^[\p{L}\p{N}][\p{L}\p{N}.’'_-]*$/u.test(plain) ? `${field}:${plain}` : `${field}:"${plain}"`;
}

/** False where nothing in it could be looked for: the server reads letters and digits only. */
export function canBeWritten(value: string): boolean {
  return /[\p{L}\p{N}]/u.test(value);
}
