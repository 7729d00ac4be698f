import { maybe, one, read, type Site, some, type Variant } from "./types";

const URL = "https://news.ycombinator.com/item?id={id}";
const AUTHOR_URL = "https://news.ycombinator.com/user?id={handle}";

/** `title` of the age is "2026-07-15T11:46:06 1784115966": the moment once more as seconds. */
const time = [read("one", ".age", "@title", "(\\d{10})$")];
const user = [read("one", "a.hnuser")];
const common = { author: user, handle: user, time, url: URL, author_url: AUTHOR_URL };

/** A submission in a list: its title in one row, its line of links in the next. Job advertising has no vote arrow. */
const listed: Variant = {
  name: "listed",
  post: some("table:not(.fatitem) > tbody > tr.athing.submission:has(.votelinks)"),
  next: 1,
  ...common,
  id: [read("one", ":scope", "@id", "^\\d+$")],
  text: [read("one", ".titleline > a")],
  rows: [one(".subline"), one(".subtext")],
};

/** The submission or the comment at the head of a page of its own. */
const head: Variant = {
  name: "head",
  post: maybe("table.fatitem:has(.hnuser)"),
  ...common,
  id: [read("one", "tr.athing", "@id", "^\\d+$")],
  text: [read("maybe", ".commtext"), read("maybe", ".titleline > a, .toptext")],
  rows: [maybe(".subline"), maybe(".comhead:has(.hnuser)")],
};

const comment: Variant = {
  name: "comment",
  post: some("tr.athing.comtr"),
  ...common,
  id: [read("one", ":scope", "@id", "^\\d+$")],
  text: [read("one", ".commtext")],
  rows: [maybe(".reply:has(a)"), one(".comhead")],
  reply: maybe('.reply a[href^="reply?"]'),
};

/** Seen on saved pages of 2025 and 2026; plain tables and text boxes, unchanged for many years. */
export const hackernews: Site = {
  id: "hackernews",
  hosts: ["news.ycombinator.com"],
  test: null,
  variants: [comment, head, listed],
  composers: [
    {
      css: 'form[action="comment"] textarea[name="text"]',
      finds: "maybe",
      parent: read("one", 'input[name="parent"]', "@value"),
    },
  ],
  submit: [maybe('form[action="comment"] input[type="submit"]')],
};
