/** What was said around a mention on its network, read when somebody looks at it. */
import { useState } from "preact/hooks";
import type { Client } from "../../shared/api";
import { ago, moment, plural, t } from "../../shared/i18n";
import type { Mention } from "../../shared/types";
import { Button, Skeleton, useLoad } from "../../shared/ui";
import { readOrLast } from "./last";

interface SaidPost {
  url: string;
  author: string;
  author_handle: string;
  text: string;
  published_at: string | null;
  ours: boolean;
  this_one: boolean;
}

/** Networks that tell what was said around a post. */
const TOLD = new Set(["mastodon", "bluesky"]);
/** So many posts on each side of the mention; the rest is one click away. */
const NEAR = 2;

export function Conversation({ client, mention }: { client: Client; mention: Mention }) {
  const [all, setAll] = useState(false);
  const thread = useLoad(
    () =>
      readOrLast(
        "opened",
        `${mention.id} thread`,
        async () => (await client.get<{ items: SaidPost[] }>(`/mentions/${mention.id}/thread`)).items,
      ),
    [client, mention.id, mention.status],
  );
  const posts = thread.value ?? [];
  if (thread.loading && !thread.value) return TOLD.has(mention.network) ? <Skeleton rows={2} /> : null;
  if (thread.error && !thread.value) {
    return (
      <p class="conversation-away small muted">
        {t("inbox_thread_away", { why: thread.error.text })}{" "}
        <Button kind="ghost" onClick={thread.reload}>
          {t("inbox_retry")}
        </Button>
      </p>
    );
  }
  if (posts.length < 2) return null;
  const here = posts.findIndex(({ this_one }) => this_one);
  const near = (index: number) => all || Math.abs(index - here) <= NEAR;
  const hidden = posts.filter((_, index) => !near(index)).length;
  return (
    <div class="conversation">
      {hidden > 0 && (
        <Button kind="ghost" onClick={() => setAll(true)}>
          {plural("inbox_thread_more", hidden)}
        </Button>
      )}
      <ol aria-label={t("inbox_thread")}>
        {posts.map(
          (post, index) =>
            near(index) && (
              <li key={post.url} class={[post.ours && "ours", post.this_one && "this-one"].filter(Boolean).join(" ")}>
                <b>{post.ours ? t("inbox_thread_us") : post.author || post.author_handle}</b>{" "}
                {post.published_at && (
                  <time class="faint small" dateTime={post.published_at} title={moment(post.published_at)}>
                    {ago(post.published_at)}
                  </time>
                )}
                <p>{post.this_one ? t("inbox_thread_this") : post.text}</p>
              </li>
            ),
        )}
      </ol>
    </div>
  );
}
