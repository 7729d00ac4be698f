/** Text of pages and of people: folding as the server folds (backend/query/words.py), and comparing loosely. */

const LETTERS: Record<string, string> = {
  œ: "oe",
  æ: "ae",
  ø: "o",
  đ: "d",
  ð: "d",
  ł: "l",
  ħ: "h",
  ŧ: "t",
  ı: "i",
  þ: "th",
  ŋ: "n",
  ß: "ss",
};
/** A pattern over all letters there are takes milliseconds to make: each is made when it is first used. */
function once(make: () => RegExp): () => RegExp {
  let made: RegExp | null = null;
  return () => {
    made ??= make();
    return made;
  };
}

const accents = once(
  () =>
    /[\u0300-\u036f]|[\u0591-\u05c7]|[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]|[\ufe00-\ufe0f]|\p{Cf}/gu,
);
const word = once(() => /\p{L}[\p{L}\p{M}]*(?:\.\p{L})+(?![\p{L}\p{N}])|[\p{L}\p{N}\p{M}]+(?:\+\+?|#)?/gu);
const unspaced = once(() => /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{Script=Thai}]/gu);
const tag = once(() => /(?<![\p{L}\p{N}])[#＃@＠]([\p{L}\p{N}\p{M}_]+)/gu);
const camel = once(() => /\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{N}+|\p{L}+/gu);

function foldWords(text: string): string[] {
  const folded = text
    .normalize("NFKC")
    .toLowerCase()
    .normalize("NFD")
    .replace(accents(), "")
    .replace(/[œæøđðłħŧıþŋß]/g, (letter) => LETTERS[letter] ?? letter)
    .normalize("NFC")
    .replace(unspaced(), " $& ");
  return folded.match(word()) ?? [];
}

/** Folded words, separated and surrounded by single spaces; tags and handles once more behind a "/". */
export function fold(text: string): string {
  let words = foldWords(text);
  for (const [, name] of text.matchAll(tag())) {
    const joined = foldWords(name!.replaceAll("_", " ")).join("");
    words = words.concat("/", `#${joined}`, "/", ...foldWords((name!.match(camel()) ?? []).join(" ")));
  }
  return ` ${words.join(" ")} `;
}

/** Whether a folded text holds one of the alternatives, each of whose folded phrases must be there. */
export function matches(folded: string, alternatives: string[][]): boolean {
  const holds = (phrase: string) =>
    folded.includes(` ${phrase} `) || (phrase.includes(" ") && folded.includes(` #${phrase.replaceAll(" ", "")} `));
  return alternatives.some((phrases) => phrases.length > 0 && phrases.every(holds));
}

const link = once(() => /\bhttps?:\/\/\S+|\b[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+(?:\/\S*)?/gu);

/**
 * Whether two texts are the same but for links (which networks shorten as they like), leading @handles, blanks and
 * small edits: at least four words in five are shared.
 */
export function isSameText(one: string, other: string): boolean {
  const words = (text: string) =>
    foldWords(text.replace(link(), " ").replace(/^(?:\s*@\S+)+/, " ")).filter((one) => one !== "…");
  const left = words(one);
  const right = words(other);
  if (left.length === 0 || right.length === 0) return false;
  const counts = new Map<string, number>();
  for (const word of left) counts.set(word, (counts.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of right) {
    const n = counts.get(word) ?? 0;
    if (n > 0) {
      shared++;
      counts.set(word, n - 1);
    }
  }
  return shared >= 0.8 * Math.max(left.length, right.length);
}

/** Links that stand in a text, without the punctuation that ends a sentence. */
export function linksIn(text: string): string[] {
  return [...text.matchAll(/\bhttps?:\/\/[^\s<>"]+/g)].map(([found]) => found.replace(/[.,;:!?»)\]]+$/, ""));
}
