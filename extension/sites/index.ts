/** All networks whose pages we know. A network of its own host name comes before those told by what is in the page. */
import bluesky from "./bluesky.json";
import discord from "./discord.json";
import discourse from "./discourse.json";
import facebook from "./facebook.json";
import { namesHost } from "./find";
import github from "./github.json";
import google_reviews from "./google_reviews.json";
import hackernews from "./hackernews.json";
import instagram from "./instagram.json";
import lemmy from "./lemmy.json";
import linkedin from "./linkedin.json";
import mastodon from "./mastodon.json";
import phpbb from "./phpbb.json";
import pinterest from "./pinterest.json";
import practice from "./practice.json";
import reddit from "./reddit.json";
import stackexchange from "./stackexchange.json";
import threads from "./threads.json";
import tiktok from "./tiktok.json";
import tripadvisor from "./tripadvisor.json";
import trustpilot from "./trustpilot.json";
import tumblr from "./tumblr.json";
import type { Site } from "./types";
import whatsapp from "./whatsapp.json";
import wordpress from "./wordpress.json";
import x from "./x.json";
import xenforo from "./xenforo.json";
import youtube from "./youtube.json";

// What TypeScript makes of JSON knows no unions; schema.json and its test hold the files to the type.
export const SITES = [
  hackernews,
  x,
  linkedin,
  threads,
  instagram,
  facebook,
  youtube,
  reddit,
  bluesky,
  stackexchange,
  github,
  tumblr,
  tiktok,
  discord,
  pinterest,
  whatsapp,
  google_reviews,
  trustpilot,
  tripadvisor,
  practice,
  mastodon,
  discourse,
  lemmy,
  phpbb,
  xenforo,
  wordpress,
] as unknown as readonly Site[];

/** What a page at `host` may be: the site of that very host, else those that are told by what is in the page. */
export function sitesAt(host: string, sites: readonly Site[] = SITES): Site[] {
  const own = sites.filter(({ hosts }) => namesHost(hosts, host));
  const here = own.length > 0 ? own : sites.filter(({ hosts, test }) => hosts.length === 0 && test !== null);
  return here.map((site) => ({ ...site, notes: [], checked: [] }));
}
