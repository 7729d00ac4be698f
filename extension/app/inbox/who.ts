/** Who speaks, and where: the names and the round picture of a row. */
import { hasMessage, plural, t } from "../../shared/i18n";
import type { Mention } from "../../shared/types";

/** Dark enough for white letters (4.5 : 1) on both grounds. */
const COLOURS = ["#6a4cb4", "#a8452f", "#7a5d2b", "#2c6d7f", "#446a2e", "#5b6470", "#8b3f63", "#3c5fa8", "#0c6b66"];

const NETWORKS: Record<string, string> = {
  mastodon: "Mastodon",
  bluesky: "Bluesky",
  hackernews: "Hacker News",
  google_news: "Google News",
  google_alerts: "Google Alerts",
  bing_news: "Bing News",
  reddit: "Reddit",
  x: "X",
  linkedin: "LinkedIn",
  facebook: "Facebook",
  instagram: "Instagram",
  threads: "Threads",
  tiktok: "TikTok",
  youtube: "YouTube",
  telegram: "Telegram",
  whatsapp: "WhatsApp",
  lemmy: "Lemmy",
  discourse: "Discourse",
  stackexchange: "Stack Exchange",
  github: "GitHub",
  tumblr: "Tumblr",
  discord: "Discord",
  pinterest: "Pinterest",
  google_reviews: "Google reviews",
  trustpilot: "Trustpilot",
  tripadvisor: "TripAdvisor",
  phpbb: "phpBB",
  xenforo: "XenForo",
  wordpress: "WordPress",
};

/** A network's or service's own name; a host name stays what it is. */
export function networkName(network: string): string {
  const key = `network_${network}`;
  return NETWORKS[network] ?? (hasMessage(key) ? t(key) : network);
}

export function hostOf(url: string): string {
  try {
    return new URL(url).hostname.replace(/^www\./, "");
  } catch {
    return "";
  }
}

/** "Maud Delcroix"; where nobody is named, the place that says it. */
export function nameOf(mention: Pick<Mention, "author" | "url" | "network">): string {
  return mention.author || hostOf(mention.url) || networkName(mention.network);
}

/** What stands behind the name: "on Mastodon", "and 3 other places", "and 4 who say the same". */
export function whereOf(mention: Mention): string {
  const others = mention.places.length - 1;
  if (others > 0) return plural("inbox_other_places", others);
  if (mention.story_size > 1) return plural("inbox_same_story", mention.story_size - 1);
  const place = isSocial(mention.network) ? networkName(mention.network) : hostOf(mention.url);
  return place && place !== nameOf(mention) ? t("inbox_on", { place }) : "";
}

function isSocial(network: string): boolean {
  return network in NETWORKS && !/_(news|alerts)$/.test(network);
}

/** Two letters of the name; the number of places where there are several. */
export function initialsOf(mention: Mention): string {
  if (mention.places.length > 1) return String(mention.places.length);
  const words = nameOf(mention)
    .replace(/^[@#]+/, "")
    .split(/[\s._\-@/]+/u)
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
  const first = Array.from(words[0] ?? "?");
  const letters = words.length > 1 ? [first[0], Array.from(words[1]!)[0]] : first.slice(0, 2);
  return letters.join("").toUpperCase();
}

/** The same author has the same colour everywhere and always. */
export function colourOf(text: string): string {
  let hash = 2166136261;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 16777619);
  return COLOURS[(hash >>> 0) % COLOURS.length]!;
}
