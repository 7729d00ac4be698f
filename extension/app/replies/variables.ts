/** The variables of saved replies, as `backend/replies/variables.py` reads them: for the preview and the insert menu. */

export interface Part {
  text: string;
  /** `plain` as typed, `filled` by us, `blank` to be filled by the person, `wrong` what the server will refuse. */
  kind: "plain" | "filled" | "blank" | "link" | "wrong";
}

export interface Sample {
  author: string;
  brand: string;
}

const BRACES = /\{\{(.*?)\}\}/gs;
// While the text is put together: a name that is not there, and where a part that is not plain begins and ends.
const MISSING = "\0";
const BEGINS: Record<string, Part["kind"]> = {
  "\uE000": "filled",
  "\uE001": "blank",
  "\uE002": "link",
  "\uE003": "wrong",
};
const MARKS: Record<string, string> = { filled: "\uE000", blank: "\uE001", link: "\uE002", wrong: "\uE003" };
const ENDS = "\uE004";
// A name that is not there takes its space along ("Bonjour {{author.name}}," → "Bonjour,"), and at the beginning of a
// sentence the comma behind it too ("{{author.name}}, merci" → "Merci").
const MISSING_FIRST = /(^|\n|[.!?…]\s+)\0[\s,;:]*([\p{L}\p{N}_]?)/gu;
const MISSING_LATER = /[ \t\u00a0\u202f]*\0/gu;

/** The text as it would be inserted. `author` "" shows what stands where no sensible name is known. */
export function fillSample(text: string, sample: Sample): Part[] {
  const clean = text.replace(/[\0\uE000-\uE004]/g, "");
  const whole = clean.replace(BRACES, (all, inside: string) => {
    const { text: value, kind } = fillOne(all, inside, sample);
    return value === "" ? MISSING : MARKS[kind] + value + ENDS;
  });
  return split(
    whole.replace(MISSING_FIRST, (_, before, letter) => before + letter.toUpperCase()).replace(MISSING_LATER, ""),
  );
}

function fillOne(whole: string, inside: string, sample: Sample): Part {
  const trimmed = inside.trim();
  const colon = trimmed.indexOf(":");
  const head = (colon < 0 ? "" : trimmed.slice(0, colon)).trim().toLowerCase();
  const behind = trimmed.slice(colon + 1).trim();
  if (head === "link") return isLink(behind) ? { text: behind, kind: "link" } : { text: whole, kind: "wrong" };
  if (head === "ask") return isLabel(behind) ? { text: `[${behind}]`, kind: "blank" } : { text: whole, kind: "wrong" };
  const bar = trimmed.indexOf("|");
  const name = (bar < 0 ? trimmed : trimmed.slice(0, bar)).trim().toLowerCase();
  const fallback = bar < 0 ? "" : trimmed.slice(bar + 1).trim();
  if (name === "author.name") return { text: sample.author || fallback, kind: "filled" };
  if (name === "brand.name") return { text: sample.brand || fallback, kind: "filled" };
  return { text: whole, kind: "wrong" };
}

const isLink = (text: string) => /^https?:\/\/[^\s/?#]+\S*$/i.test(text);
const isLabel = (text: string) => text !== "" && text.length <= 80 && !/[[\]{}\n]/.test(text);

/** Marked text → parts. Braces that are left in plain text are what the server refuses. */
function split(marked: string): Part[] {
  const parts: Part[] = [];
  for (const piece of marked.split(/(?=[\uE000-\uE003])|(?<=\uE004)/u)) {
    const kind = BEGINS[piece[0] ?? ""];
    if (kind) parts.push({ text: piece.slice(1, -1), kind });
    else if (piece) parts.push({ text: piece, kind: /\{\{|\}\}/.test(piece) ? "wrong" : "plain" });
  }
  return parts;
}

/** Lower case, no accents, single blanks: to find and to compare. */
export function plainWords(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
