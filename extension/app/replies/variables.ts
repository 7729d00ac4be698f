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

/** The text as it would be inserted. `author` "" shows what stands where no sensible name is known. */
export function fillSample(text: string, sample: Sample): Part[] {
  const parts: Part[] = [];
  let at = 0;
  const plain = (end: number) => {
    if (end > at)
      parts.push({ text: text.slice(at, end), kind: /\{\{|\}\}/.test(text.slice(at, end)) ? "wrong" : "plain" });
  };
  for (const match of text.matchAll(BRACES)) {
    plain(match.index);
    at = match.index + match[0].length;
    parts.push(fillOne(match[0], match[1]!, sample));
  }
  plain(text.length);
  return withoutHoles(parts);
}

function fillOne(whole: string, inside: string, sample: Sample): Part {
  const bar = inside.indexOf("|");
  const fallback = bar < 0 ? "" : inside.slice(bar + 1).trim();
  const name = (bar < 0 ? inside : inside.slice(0, bar)).trim();
  if (name === "author.name") return { text: sample.author || fallback, kind: "filled" };
  if (name === "brand.name") return { text: sample.brand || fallback, kind: "filled" };
  const link = /^link:\s*(https?:\/\/\S+)$/i.exec(inside.trim());
  if (link) return { text: link[1]!, kind: "link" };
  const ask = /^ask:\s*(\S.*)$/is.exec(inside.trim());
  if (ask) return { text: `[${ask[1]!.replace(/\|.*$/s, "").trim()}]`, kind: "blank" };
  return { text: whole, kind: "wrong" };
}

/** A name that is not there takes its space along: "Bonjour {{author.name}}," → "Bonjour,". */
function withoutHoles(parts: Part[]): Part[] {
  return parts
    .map((part, index) => {
      const before = parts[index - 1];
      const after = parts[index + 1];
      if (part.kind !== "plain") return part;
      let { text } = part;
      if (after?.kind === "filled" && after.text === "") text = text.replace(/[ \t\u00a0\u202f]+$/u, "");
      const opens = index === 1 || /(?:\n|[.!?…]\s+)$/u.test(parts[index - 2]?.text ?? "");
      if (before?.kind === "filled" && before.text === "" && opens) {
        text = text.replace(/^[\s,;:]+/u, "").replace(/^\p{L}/u, (letter) => letter.toUpperCase());
      }
      return { ...part, text };
    })
    .filter(({ text }) => text !== "");
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
