import { maybe, one, read, type Site, some, type Variant } from "./types";

// React Native for the web: `testID` becomes data-testid, class names mean nothing. Source: bluesky-social/social-app
// (PostFeedItem, PostControls, PostMeta), a feed saved in 2025 and a thread saved in 2026.
const ROW: [string, string] = ['[data-testid="replyBtn"]', '[data-testid="postDropdownBtn"]'];

const common = {
  quotes: 'div[role="link"]',
  // The first link is the picture and has no text.
  author: [read("some", 'a[href^="/profile/"]', "text", "^[^@].*")],
  text: [read("maybe", '[data-testid="postText"]'), read("some", 'div[data-word-wrap="1"]')],
  // The date stands only in a label, in the reader's language: not read.
  time: [],
  url: "https://bsky.app/profile/{handle}/post/{id}",
  author_url: "https://bsky.app/profile/{handle}",
  rows: [{ between: ROW }],
  reply: one('[data-testid="replyBtn"]'),
};

const feed: Variant = {
  name: "feed",
  post: some('[data-testid^="feedItem-by-"]'),
  ...common,
  handle: [read("one", ":scope", "@data-testid", "^feedItem-by-(.+)$")],
  id: [read("some", 'a[href*="/post/"]', "@href", "^(?:https://bsky\\.app)?/profile/[^/]+/post/([^/?#]+)")],
};

const thread: Variant = {
  name: "thread",
  post: some('[data-testid^="postThreadItem-by-"]'),
  ...common,
  handle: [read("one", ":scope", "@data-testid", "^postThreadItem-by-(.+)$")],
  id: [
    ...feed.id,
    // The thread's main post has no link to itself.
    read("one", ":scope", "location", "^/profile/[^/]+/post/([^/?#]+)"),
  ],
};

export const bluesky: Site = {
  id: "bluesky",
  hosts: ["bsky.app"],
  test: null,
  variants: [feed, thread],
  composers: [{ css: '.ProseMirror[contenteditable="true"]', finds: "maybe" }],
  submit: [maybe('[data-testid="composerPublishBtn"]')],
};
