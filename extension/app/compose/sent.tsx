import type { ComponentChildren } from "preact";
import { inExtension } from "../../shared/browser";
import type { Account, Post } from "./types";

/** What was sent, to read; its ways below. */
export function Sent({
  post,
  accounts,
  local,
  children,
}: {
  post: Post;
  accounts: Account[];
  local: Record<string, string>;
  children: ComponentChildren;
}) {
  const variants = Object.entries(post.variants).filter(([, { text }]) => typeof text === "string");
  return (
    <>
      <div class="card compose-sent">
        <p>{post.text}</p>
        {variants.map(([id, { text }]) => (
          <p key={id}>
            <b class="small muted">{accounts.find((account) => account.id === id)?.handle ?? id}</b>
            <br />
            {text}
          </p>
        ))}
        {post.media.length > 0 && (
          <p class="row wrap">
            {post.media.map(({ id, url, alt }) => {
              const src = local[id] ?? (inExtension ? "" : url);
              return src ? <img key={id} class="compose-picture" src={src} alt={alt} /> : <span key={id}>{alt}</span>;
            })}
          </p>
        )}
      </div>
      {children}
    </>
  );
}
