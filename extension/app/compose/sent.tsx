import type { ComponentChildren } from "preact";
import { inExtension } from "../../shared/browser";
import { networkName } from "../inbox/who";
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
  const own = new Set(variants.map(([id]) => id));
  const common = post.targets.filter((id) => !own.has(id));
  const nameOf = (id: string) => {
    const account = accounts.find((one) => one.id === id);
    return account ? `${networkName(account.network)} ${account.handle}` : id;
  };
  return (
    <>
      <div class="card compose-sent">
        {common.length > 0 && (
          <div>
            {variants.length > 0 && <b class="small muted">{common.map(nameOf).join(", ")}</b>}
            <p>{post.text}</p>
          </div>
        )}
        {variants.map(([id, { text }]) => (
          <div key={id}>
            <b class="small muted">{nameOf(id)}</b>
            <p>{text}</p>
          </div>
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
