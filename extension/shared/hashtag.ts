/** A hashtag out of what somebody clicked on: a selected `#paris`, or the address of its page on any network. Pure. */

const WORD = /^#?([\p{L}\p{M}\p{N}_]{1,100})$/u;
/** mastodon /tags/x · x.com, facebook, bluesky /hashtag/x · instagram /explore/tags/x · tiktok, dev.to /tag/x, /t/x */
const PATHS = /\/(?:explore\/tags|tags|tag|hashtag|t)\/([^/?#]+)\/?$/i;

/** Without #; "" where there is none. */
export function hashtagIn(text: string, url = ""): string {
  const said = text.trim();
  if (said.startsWith("#") && WORD.test(said)) return WORD.exec(said)![1]!;
  return hashtagOfAddress(url);
}

export function hashtagOfAddress(url: string): string {
  if (!URL.canParse(url)) return "";
  const found = PATHS.exec(new URL(url).pathname)?.[1] ?? "";
  try {
    return WORD.exec(decodeURIComponent(found))?.[1] ?? "";
  } catch {
    return "";
  }
}

/** Patterns of links that lead to a hashtag, for the browser's menu. */
export const HASHTAG_LINKS = ["tags", "tag", "hashtag", "explore/tags"].map((part) => `*://*/${part}/*`);
