import { maybe, one, read, type Site, some, type Variant } from "./types";

// Two generations of its pages are in use at once. Source: mastodon/mastodon, components/status/ of 2026.
const QUOTES = ".status__quote, [data-quote], blockquote";

/** Releases up to now, and the forks: BEM class names. */
const legacy: Variant = {
  name: "legacy",
  post: some(".status__wrapper > .status[data-id]"),
  quotes: QUOTES,
  author: [read("one", ".display-name__html"), read("some", 'a[href^="/@"]')],
  handle: [
    read("maybe", "a.status__display-name[title]", "@title", "^@\\S+$"),
    read("maybe", ".display-name__account", "text", "@\\S+"),
    read("some", 'a[href*="/@"]', "@href", "/(@[^/?#]+)"),
  ],
  id: [read("one", ":scope", "@data-id", "^\\d+$")],
  text: [read("one", ".status__content__text"), read("maybe", ".status__content")],
  time: [read("one", "time[datetime]", "@datetime")],
  url: "/{handle}/{id}",
  author_url: "/{handle}",
  rows: [one(".status__action-bar")],
  reply: one(".status__action-bar button"),
};

/** The opened post of such a page. It carries no id: the page's address does. */
const opened: Variant = {
  name: "opened",
  post: maybe(".detailed-status__wrapper"),
  quotes: QUOTES,
  author: [read("one", ".display-name__html"), read("some", 'a[href^="/@"]')],
  handle: [
    read("maybe", ".display-name__account", "text", "@\\S+"),
    read("some", 'a[href*="/@"]', "@href", "/(@[^/?#]+)"),
  ],
  id: [
    read("maybe", "[data-id]", "@data-id", "^\\d+$"),
    read("one", ":scope", "location", "^/(?:@[^/]+|web/statuses)/(\\d+)"),
  ],
  text: [read("one", ".status__content__text"), read("maybe", ".status__content")],
  time: [read("one", "time[datetime]", "@datetime")],
  url: "/{handle}/{id}",
  author_url: "/{handle}",
  rows: [one(".detailed-status__action-bar")],
  reply: one(".detailed-status__action-bar button"),
};

/** The redesign: class names are hashed, so roles and data attributes only. Its own permalink was broken when read. */
const redesign: Variant = {
  name: "redesign",
  post: some("article[data-id][aria-label]"),
  quotes: QUOTES,
  author: [
    read("some", "header a[data-hover-card-account] bdi, header a[data-hover-card-account] strong"),
    read("some", "header a[data-hover-card-account]", "text", "^[^@]+"),
  ],
  handle: [read("some", 'header a[data-hover-card-account][title^="@"]', "@title")],
  id: [read("one", ":scope", "@data-id", "^\\d+$")],
  text: [read("some", "header ~ [lang], header ~ * [lang]")],
  time: [read("one", "time[datetime]", "@datetime")],
  url: "/{handle}/{id}",
  author_url: "/{handle}",
  rows: [some("footer > div:has(> button, > * > button):last-of-type"), one("footer")],
  reply: some("footer button"),
};

export const mastodon: Site = {
  id: "mastodon",
  hosts: [],
  test: one("#mastodon, script#initial-state"),
  variants: [legacy, opened, redesign],
  composers: [
    { css: "form.compose-form textarea", finds: "some", answering: ".reply-indicator, .compose-form__reply-indicator" },
  ],
  submit: [maybe('.compose-form button[type="submit"]')],
};
