import { one, read, type Site, some } from "./types";

/** The invented network that our own server shows, to try the toolbar on (backend/web/practice). */
export const practice: Site = {
  id: "practice",
  hosts: [],
  test: one('meta[name="entregent-practice"]'),
  variants: [
    {
      name: "post",
      post: some("article.post[data-post]"),
      quotes: "blockquote",
      skip: ".promoted",
      author: [read("one", ".author-name")],
      handle: [read("one", ".author-handle", "text", "@\\S+")],
      id: [read("one", ":scope", "@data-post")],
      text: [read("one", ".post-text")],
      time: [read("one", "time[datetime]", "@datetime")],
      url: "/-/practice/?post={id}",
      author_url: "/-/practice/?who={handle}",
      rows: [one(".post-actions")],
      reply: one('.post-actions [data-act="reply"]'),
    },
  ],
  composers: [{ css: ".reply-box textarea, .reply-box [contenteditable='true']", finds: "some" }],
  submit: [some(".reply-box button[type='submit']")],
};
