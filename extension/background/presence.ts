/** Who answers a mention in its page: told to the server for this tab, and what it knows of others told back. */
import type { Answered, Ask } from "../shared/messages";
import type { Mention } from "../shared/types";
import { ask } from "./server";
import { changePassing, load } from "./store";

interface There {
  mention_id: string;
  window: string;
  member_id: string | null;
  who: string;
  doing: string;
}

/** One name for a tab, as long as the browser is open: other windows of the same person are told apart by it. */
async function windowOf(tab: number): Promise<string> {
  const salt = await changePassing("window_salt", (drawn) => drawn || crypto.randomUUID().slice(0, 18));
  return `page-${tab}-${salt}`;
}

const telling = new Map<number, Promise<unknown>>();

/** What one tab says is told in its order: "left" that overtakes "answering" would leave it there. Rejects with ApiError. */
export function tellPresence(said: Ask<"mention.at">, tab = 0): Promise<Answered> {
  const run = () => tell(said, tab);
  const told = (telling.get(tab) ?? Promise.resolve()).then(run, run);
  telling.set(tab, told);
  const ended = () => void (telling.get(tab) === told && telling.delete(tab));
  told.then(ended, ended);
  return told;
}

async function tell({ id, doing }: Ask<"mention.at">, tab: number): Promise<Answered> {
  const path = `/mentions/${encodeURIComponent(id)}`;
  const window = await windowOf(tab);
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
