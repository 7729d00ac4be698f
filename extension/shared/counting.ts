/**
 * How long a text is, as each network counts it: `backend/publishing/counting.py` in the browser.
 * `tests/unit/publishing/vectors.json` holds both sides to the same numbers; change them together.
 */

export interface CountRules {
  unit: "graphemes" | "code_points" | "utf16" | "x_weighted" | "emoji_bytes";
  /** 0: the network sets none. */
  limit: number;
  /** Every address counts this much, however long it is. */
  url_length: number | null;
  /** `@alice@example.org` counts as `@alice`. */
  local_mentions: boolean;
  /** A second limit, on the bytes of the text in UTF-8. */
  max_bytes: number | null;
}

export interface Count {
  used: number;
  limit: number;
  /** Negative when the text is too long; 0 where the network sets no limit. */
  left: number;
  fits: boolean;
}

type Span = [start: number, end: number];

const URLS = /(?<![A-Za-z0-9_@＠$#＃])https?:\/\/[^\s<>"«»“”‹›]+/giu;
const TRAILING = ".,;:!?…'’)]}>*_~";
const BRACKETS: Record<string, string> = { ")": "(", "]": "[", "}": "{" };
const NAMED_HOST = /^https?:\/\/[^/?#]*\.\p{L}{2,}(?::\d+)?(?:[/?#]|$)/iu;
const FEDIVERSE_MENTION =
  /(?<![=/\p{L}\p{N}_])@([a-z0-9_]+(?:[a-z0-9_.-]*[a-z0-9_]+)?)@[\p{L}\p{N}_.-]+[\p{L}\p{N}_]/giu;
const PICTURE = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u;
const BEYOND_X = /[^\p{ASCII}\p{Script=Latin}\p{Script=Cyrillic}]/u;
const BEYOND_ASCII = /[^\p{ASCII}]/u;
/** twitter-text, configuration 3: these weigh one, every other code point two, an emoji two, an address 23. */
const LIGHT: Span[] = [
  [0x0000, 0x10ff],
  [0x2000, 0x200d],
  [0x2010, 0x201f],
  [0x2032, 0x2037],
];
const TLDS =
  "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc " +
  "cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga " +
  "gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo " +
  "jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr " +
  "ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re " +
  "ro rs ru rw sa sb sc sd se sg sh si sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr " +
  "tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw com net org edu gov mil int info biz " +
  "name pro app dev page blog shop store online site website tech cloud digital agency studio design media news " +
  "press live world today life space xyz club team group social events travel hotel cafe coffee restaurant bio eco " +
  "bzh paris alsace corsica cat museum mobi jobs asia tel aero coop post";
const BARE = new RegExp(
  `(?<![A-Za-z0-9_@＠$#＃./\\-])(?:[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?\\.)+(?:${TLDS.split(" ").join("|")})(?![A-Za-z0-9_@＠\\-])(?:/[^\\s<>"«»“”‹›]*)?`,
  "gi",
);

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
const encoder = new TextEncoder();

function graphemes(text: string): string[] {
  return Array.from(segmenter.segment(text), (part) => part.segment);
}

/** `https://example.org/a_(b)).` → `https://example.org/a_(b)`. */
function trimUrl(url: string): string {
  const times = (letter: string): number => url.split(letter).length - 1;
  while (url) {
    const last = url.slice(-1);
    if (!TRAILING.includes(last)) break;
    const opening = BRACKETS[last];
    if (opening && times(opening) >= times(last)) break;
    url = url.slice(0, -1);
  }
  return url;
}

/** Where the addresses of a text stand, without the punctuation that ends a sentence. */
export function addressesIn(text: string): Span[] {
  return Array.from(text.matchAll(URLS), (match): Span => [match.index, match.index + trimUrl(match[0]).length]);
}

/** How much of the limit `text` uses. Line ends count one, however they are written. */
export function count(text: string, rules: CountRules): Count {
  text = text.replaceAll("\r\n", "\n");
  const used = measure(text, rules);
  let left = rules.limit ? rules.limit - used : 0;
  if (rules.max_bytes !== null) left = Math.min(left, rules.max_bytes - encoder.encode(text).length);
  return { used, limit: rules.limit, left, fits: left >= 0 };
}

function measure(text: string, rules: CountRules): number {
  if (rules.unit === "x_weighted") return xWeight(text.normalize("NFC"), rules.url_length ?? 23);
  const { rest, urls } = withoutUrls(text, rules.url_length);
  const shortened = rules.local_mentions ? rest.replace(FEDIVERSE_MENTION, "@$1") : rest;
  switch (rules.unit) {
    case "graphemes":
      return urls + graphemes(shortened).length;
    case "utf16":
      return urls + shortened.length;
    case "emoji_bytes":
      return graphemes(shortened).reduce(
        (sum, one) => sum + (PICTURE.test(one) ? encoder.encode(one).length : Array.from(one).length),
        urls,
      );
    default:
      return urls + Array.from(shortened).length;
  }
}

function withoutUrls(text: string, urlLength: number | null): { rest: string; urls: number } {
  if (urlLength === null) return { rest: text, urls: 0 };
  const kept: string[] = [];
  let total = 0;
  let end = 0;
  for (const [start, stop] of addressesIn(text)) {
    if (!NAMED_HOST.test(text.slice(start, stop))) continue;
    kept.push(text.slice(end, start));
    total += urlLength;
    end = stop;
  }
  // Something must stand between what was apart, or two graphemes could become one; it is not counted.
  return { rest: [...kept, text.slice(end)].join("\x00"), urls: total - kept.length };
}

function xWeight(text: string, urlLength: number): number {
  let total = 0;
  let end = 0;
  for (const [start, stop] of xUrls(text)) {
    total += xPlain(text.slice(end, start)) + urlLength;
    end = stop;
  }
  return total + xPlain(text.slice(end));
}

function xUrls(text: string): Span[] {
  const covered = addressesIn(text);
  const found: Span[] = covered
    .filter(([start, stop]) => NAMED_HOST.test(text.slice(start, stop)))
    .map(([start, stop]): Span => [start, start + asXLinks(text.slice(start, stop)).length]);
  for (const match of text.matchAll(BARE)) {
    const [start, stop] = [match.index, match.index + match[0].length];
    if (!covered.some(([from, to]) => from < stop && start < to)) {
      found.push([start, start + asXLinks(trimUrl(match[0])).length]);
    }
  }
  return found.sort((one, other) => one[0] - other[0]);
}

/** The part that X takes as the address: the path in Latin or Cyrillic letters, the query in ASCII. */
function asXLinks(url: string): string {
  const start = url.includes("://") ? url.indexOf("://") + 3 : 0;
  const path = url.indexOf("/", start);
  if (path < 0) return url;
  const query = url.indexOf("?", path);
  let beyond = url.slice(path, query < 0 ? undefined : query).search(BEYOND_X);
  if (beyond >= 0) return url.slice(0, path + beyond);
  if (query < 0) return url;
  beyond = url.slice(query).search(BEYOND_ASCII);
  return beyond < 0 ? url : url.slice(0, query + beyond);
}

function xPlain(text: string): number {
  let total = 0;
  for (const grapheme of graphemes(text)) {
    const points = Array.from(grapheme, (letter) => letter.codePointAt(0) ?? 0);
    if (points.length > 1 && PICTURE.test(grapheme)) total += 2;
    else for (const point of points) total += LIGHT.some(([low, high]) => low <= point && point <= high) ? 1 : 2;
  }
  return total;
}
