/** Who answers a mention in its page: told to the server for this tab, and what it knows of others told back. */
import type { Answered, Ask } from "../shared/messages";
import type { Mention } from "../shared/types";
import { ask } from "./server";
import { load, loadPassing, savePassing } from "./store";

interface There {
  mention_id: string;
  window: string;
  member_id: string | null;
  who: string;
  doing: string;
}

/** One name for a tab, as long as the browser is open: other windows of the same person are told apart by it. */
async function windowOf(tab: number): Promise<string> {
  let salt = await loadPassing("window_salt");
  if (!salt) {
    salt = crypto.randomUUID().slice(0, 18);
    await savePassing({ window_salt: salt });
  }
  return `page-${tab}-${salt}`;
}

/** Rejects with ApiError. */
export async function tellPresence({ id, doing }: Ask<"mention.at">, tab: number | undefined): Promise<Answered> {
  const path = `/mentions/${encodeURIComponent(id)}`;
  const window = await windowOf(tab ?? 0);
  const body = { window, doing };
  if (doing === "left") {
    await ask("PUT", `${path}/presence`, { body });
    return { replied: null, others: [] };
  }
  const [mention, { items }, me] = await Promise.all([
    ask<Mention>("GET", path),
    ask<{ items: There[] }>("PUT", `${path}/presence`, { body }),
    load("me"),
  ]);
  const { answer, status, replied_by, replied_at, reply_url } = mention;
  const sent = answer && answer.state !== "rejected" ? { by: answer.by, at: answer.at, url: answer.url } : null;
  return {
    replied: sent ?? (status === "replied" ? { by: replied_by, at: replied_at ?? "", url: reply_url } : null),
    others: items
      .filter((one) => one.mention_id === id && one.window !== window && one.doing === "answering")
      .map(({ who, member_id }) => ({ who, own: member_id !== null && member_id === (me?.member?.id ?? "") })),
  };
}
