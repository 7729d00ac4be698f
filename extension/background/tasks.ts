/**
 * What may wait while the server is away. A task is done now or later by the same function with the same idempotency
 * key, so however often it is tried, it happens once.
 */
import { ApiError } from "../shared/api";
import { t } from "../shared/i18n";
import type { Ask, OfBrand, PagePost, Queued, Shortened } from "../shared/messages";
import type { Collected, RoundPage, Took } from "../shared/round";
import type { Link, Mention, MentionStatus, Page } from "../shared/types";
import { ask } from "./server";
import { cacheOf } from "./store";

export interface Tasks {
  shorten: { ask: Ask<"shorten">; done: Shortened };
  "mention.save": { ask: Ask<"mention.save">; done: { id: string } };
  "mention.status": { ask: Ask<"mention.status">; done: { id: string } };
  "reply.save": { ask: Ask<"reply.save">; done: { id: string } };
  "suggestion.feedback": { ask: Ask<"suggestion.feedback">; done: Record<string, never> };
  /** `title`: the page's name, for the list of what waits. */
  "round.collect": {
    ask: { page: string; title: string; visit: string; act: string; posts: PagePost[] } & OfBrand;
    done: Collected;
  };
  "round.undo": {
    ask: { page: string; title: string; act: string } & OfBrand;
    done: { removed: number; kept: number };
  };
  "round.add": { ask: { url: string; title: string } & OfBrand; done: { id: string; name: string } };
  "round.seen": {
    ask: { page: string; title: string; visit: string; undo: boolean } & OfBrand;
    done: Record<string, never>;
  };
  "watch.term": { ask: { term: string } & OfBrand; done: { id: string } };
  "watch.site": { ask: { url: string; title: string } & OfBrand; done: { id: string } };
  "watch.page": { ask: { url: string; title: string } & OfBrand; done: { id: string } };
  "watch.tag": { ask: { tag: string; url: string } & OfBrand; done: { id: string } };
}
export type TaskName = keyof Tasks & Queued["task"];

/** Posts in one call of the API. */
const ROUND_CHUNK = 100;

/** Addresses of hashtags as Mastodon has them, and as the big networks that cannot be asked do not. */
const MASTODON_TAG = /^(https:\/\/[^/]+)\/tags\/[^/]+\/?$/;

type Runner<K extends TaskName> = (asked: Tasks[K]["ask"], key: string) => Promise<Tasks[K]["done"]>;

const RUNNERS: { [K in TaskName]: Runner<K> } = {
  async shorten({ url, title, brand_id }, key) {
    const link = await ask<Link>("POST", "/links", {
      key,
      body: { ...of(brand_id), url, ...(title && { title: title.slice(0, 300) }) },
    });
    return shortOf(link);
  },

  async "mention.save"({ post, note = "", tags = [], brand_id }, key) {
    const given = { ...(note && { note }), ...(tags.length > 0 && { tags }) };
    const mention = await ask<Mention>("POST", "/mentions", {
      key,
      body: { ...of(brand_id), ...cleanPost(post), ...given },
    });
    // What was in the inbox already keeps what was written there.
    await changeMention(mention, (now) => ({
      ...(note && !now.note.includes(note) && { note: now.note ? `${now.note}\n${note}` : note }),
      ...(tags.some((tag) => !now.tags.includes(tag)) && { tags: [...new Set([...now.tags, ...tags])] }),
    }));
    return { id: mention.id };
  },

  async "mention.status"({ url, status, reply_url, brand_id }, key) {
    const mention = await findMention(url, brand_id);
    return { id: (await changeStatus(mention, { status, ...(reply_url && { reply_url }) }, key)).id };
  },

  async "reply.save"({ text, title, brand_id }, key) {
    const body = { ...of(brand_id), text, title };
    return { id: (await ask<{ id: string }>("POST", "/replies", { key, body })).id };
  },

  async "suggestion.feedback"({ id, ...body }, key) {
    await ask("POST", `/suggestions/${encodeURIComponent(id)}/feedback`, { key, body });
    return {};
  },

  async "round.collect"({ page, visit, act, posts }, key) {
    const all: Collected = { took: [], created: 0, known: 0 };
    for (let start = 0; start < posts.length; start += ROUND_CHUNK) {
      const body = { visit, act, posts: posts.slice(start, start + ROUND_CHUNK).map(cleanPost) };
      const path = `/round/${encodeURIComponent(page)}/collect`;
      const part = await ask<Omit<Collected, "took"> & { items: Took[] }>("POST", path, {
        key: `${key} ${start}`,
        body,
      });
      all.took.push(...part.items.map(({ outcome, fresh }) => ({ outcome, fresh })));
      all.created += part.created;
      all.known += part.known;
    }
    return all;
  },

  async "round.undo"({ page, act }) {
    try {
      return await ask("POST", `/round/${encodeURIComponent(page)}/collect/undo`, { body: { act } });
    } catch (error) {
      // It never arrived, or was taken back already.
      if (error instanceof ApiError && error.status === 404) return { removed: 0, kept: 0 };
      throw error;
    }
  },

  async "round.add"({ url, title, brand_id }, key) {
    const { id, name } = await ask<RoundPage>("POST", "/round", { key, body: { ...of(brand_id), url, name: title } });
    return { id, name };
  },

  async "round.seen"({ page, visit, undo }) {
    await ask("POST", `/round/${encodeURIComponent(page)}/visited${undo ? "/undo" : ""}`, { body: { visit } });
    return {};
  },

  async "watch.term"({ term, brand_id }, key) {
    const words = term.replaceAll('"', " ").replace(/\s+/g, " ").trim();
    const body = { ...of(brand_id), name: words, query: `"${words}"` };
    return { id: (await ask<{ id: string }>("POST", "/keywords", { key, body })).id };
  },

  async "watch.site"({ url, brand_id }, key) {
    return { id: (await ask<{ id: string }>("POST", "/sources", { key, body: { ...of(brand_id), url } })).id };
  },

  async "watch.page"({ url, title, brand_id }, key) {
    const body = { ...of(brand_id), kind: "watch", params: { url }, name: title.slice(0, 200) };
    return { id: (await ask<{ id: string }>("POST", "/sources", { key, body })).id };
  },

  async "watch.tag"({ tag, url, brand_id }, key) {
    // The server that the link leads to, where it has an interface; else the largest one.
    const there = MASTODON_TAG.exec(url)?.[1];
    const body = { ...of(brand_id), kind: "mastodon", params: { tag, ...(there && { server: there }) }, take: "all" };
    return { id: (await ask<{ id: string }>("POST", "/sources", { key, body })).id };
  },
};

/** A short link leaves this computer only where its public address is proved. */
export const shortOf = (link: Link): Shortened =>
  link.public
    ? { url: link.short_url, public: true, why: "" }
    : { url: link.clean_url, public: false, why: "notice_not_public" };

/** Do a task. Rejects with ApiError. */
export function runTask<K extends TaskName>(name: K, asked: Tasks[K]["ask"], key: string): Promise<Tasks[K]["done"]> {
  return RUNNERS[name](asked, key);
}

/** What a task is about, for the list of what waits. */
export function aboutTask(name: TaskName, asked: unknown): string {
  const fields = asked as { url?: string; term?: string; tag?: string; title?: string; text?: string; post?: PagePost };
  const { term, tag, title, url, post, text } = fields;
  return (term || (tag && `#${tag}`) || title || url || post?.url || text || name).slice(0, 200);
}

/** What a task changes that others change too, so that what was asked first is done first; "" = nothing. */
export function thingOf(name: TaskName, asked: unknown): string {
  const { brand_id = "", url = "", post, page } = asked as OfBrand & { url?: string; post?: PagePost; page?: string };
  if (name === "mention.save" || name === "mention.status") return `mention ${brand_id} ${post?.url ?? url}`;
  return page ? `round ${page}` : "";
}

/** What to tell the person when a task was done, and what can be copied. "" = nothing worth saying. */
export function sayDone(name: TaskName, asked: unknown, done: unknown): { text: string; copy: string } {
  const about = aboutTask(name, asked);
  switch (name) {
    case "shorten": {
      const { url, why } = done as Shortened;
      return { text: why ? t(why) : t("notice_shortened"), copy: url };
    }
    case "mention.save":
      return { text: t("notice_saved"), copy: "" };
    case "round.collect": {
      const { created, known } = done as Collected;
      return { text: t("notice_collected", { name: about, posts: created + known, new: created }), copy: "" };
    }
    case "round.add":
      return { text: t("notice_in_round", { name: (done as { name: string }).name }), copy: "" };
    case "reply.save":
      return { text: t("notice_reply_kept"), copy: "" };
    case "watch.term":
      return { text: t("notice_watching_term", { term: about }), copy: "" };
    case "watch.page":
      return { text: t("notice_watching_page", { name: hostOf(about) }), copy: "" };
    case "watch.tag":
      return { text: t("notice_watching_tag", { tag: about }), copy: "" };
    case "watch.site":
      return { text: t("notice_watching_site", { site: hostOf((asked as { url: string }).url) }), copy: "" };
    default:
      return { text: "", copy: "" };
  }
}

/** What is no web address stays: titles such as "Rust: news" read as one of another kind. */
function hostOf(url: string): string {
  return /^https?:/i.test(url) && URL.canParse(url) ? new URL(url).hostname : url;
}

const of = (brand_id: string | undefined): OfBrand => (brand_id ? { brand_id } : {});

/** A mention of a brand by its address: from what is known, else asked. Rejects with ApiError 404. */
async function findMention(url: string, brand_id: string | undefined): Promise<Mention> {
  const known = brand_id && (await cacheOf(brand_id))?.mentions.find((mention) => mention.url === url);
  if (known) return ask<Mention>("GET", `/mentions/${encodeURIComponent(known.id)}`);
  const page = await ask<Page<Mention>>("GET", "/mentions", { query: { ...of(brand_id), url, limit: 1 } });
  if (page.items[0]) return page.items[0];
  throw new ApiError(404, "not_found", "This post is not in the inbox.");
}

/** `act`: what the log of the mention takes back. Rejects with ApiError. */
async function changeStatus(
  mention: Mention,
  fields: { status: MentionStatus; reply_url?: string },
  act: string,
): Promise<Mention> {
  const { status, reply_url } = fields;
  // Somebody said "replied" before we saw the reply: its address is news all the same.
  const addsAddress = status === "replied" && Boolean(reply_url) && !mention.reply_url;
  // "open" says that somebody works on it; it takes nothing back from what is further on.
  if ((mention.status === status && !addsAddress) || (status === "open" && mention.status !== "new")) return mention;
  return changeMention(mention, () => ({ ...fields, act }));
}

/** Change what `fields` says of the mention as it was read last; who was overtaken looks again, once. */
async function changeMention(read: Mention, fields: (now: Mention) => object): Promise<Mention> {
  const path = `/mentions/${encodeURIComponent(read.id)}`;
  const change = async (now: Mention) => {
    const changed = fields(now);
    if (Object.keys(changed).length === 0) return now;
    return ask<Mention>("PATCH", path, { body: { ...changed, version: now.version } });
  };
  try {
    return await change(read);
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 409)) throw error;
    return change(await ask<Mention>("GET", path));
  }
}

/** Only the fields the API knows, cut to sane lengths: the text comes from somebody's page. */
function cleanPost(post: PagePost): PagePost {
  const { url, network, author, author_url, text, published_at } = post;
  const at = published_at && !Number.isNaN(Date.parse(published_at)) ? new Date(published_at).toISOString() : null;
  return {
    url,
    network,
    author: author.slice(0, 200),
    author_url: author_url.slice(0, 2000),
    text: text.slice(0, 20_000),
    published_at: at,
  };
}
