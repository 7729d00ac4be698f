/** What was said around a mention on its network, read when somebody looks at it. */
import { useEffect, useState } from "preact/hooks";
import type { Client } from "../../shared/api";
import { ago, moment, plural, t } from "../../shared/i18n";
import type { Mention } from "../../shared/types";
import { Button, useLoad } from "../../shared/ui";
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

interface ConversationProps {
  client: Client;
  mention: Mention;
  /** Called once it stands, or is known not to come: what lies beneath it moves no more. */
  onSettled?: () => void;
}

export function Conversation({ client, mention, onSettled }: ConversationProps) {
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
  const settled = !thread.loading;
  useEffect(() => {
    if (settled) onSettled?.();
  }, [settled]);

  const posts = thread.value ?? [];
  // A line while it is read and a line where nothing else was said: what lies beneath is not pulled from under a finger.
  const line = (words: string) =>
    TOLD.has(mention.network) ? (
      <p class="small muted" role="status">
        {words}
      </p>
    ) : null;
  if (thread.loading && !thread.value) return line(t("inbox_thread_reading"));
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
  if (posts.length < 2) return line(t("inbox_thread_alone"));
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
