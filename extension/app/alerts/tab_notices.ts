/**
 * Where there is no extension an open tab of the app shows notifications, if the person switched that on there. Several
 * tabs of one browser agree by a lock on one that shows, so that each is shown once: what one tab stores another may read
 * a moment later only. When it is closed, the next takes over behind the last one shown.
 */
import { useEffect } from "preact/hooks";
import type { Client } from "../../shared/api";
import { inExtension } from "../../shared/browser";
import { noticesState } from "../../shared/notices";
import { keep, kept } from "../../shared/storage";
import type { Page } from "../../shared/types";
import type { Message } from "./types";

const LAST = "last_message";
const MOST = 3;

type Go = (page: string, params?: Record<string, string>) => void;

export function useTabNotices(client: Client, go: Go): void {
  useEffect(() => {
    // Plain http off loopback has no locks, and no notifications either.
    if (inExtension || !navigator.locks) return;
    const end = new AbortController();
    const { signal } = end;
    void navigator.locks
      .request("entregent.notices", { signal }, () => lead(client, go, signal))
      .catch(() => undefined); // this tab is gone before its turn came
    return () => end.abort();
  }, [client]);
}

/** This tab is the one that shows, for as long as it is there. */
function lead(client: Client, go: Go, signal: AbortSignal): Promise<void> {
  let turn = Promise.resolve();
  const look = () => {
    turn = turn.then(() => showMessages(client, go)).catch(() => undefined);
  };
  look();
  const stop = client.onChange((kinds) => {
    if (kinds.some((kind) => kind === "message.created" || kind === "")) look();
  });
  return new Promise((done) => {
    signal.addEventListener("abort", () => {
      stop();
      done();
    });
  });
}

async function showMessages(client: Client, go: Go): Promise<void> {
  if ((await noticesState()) !== "on") return;
  const last = await kept<string>(LAST);
  const query = last ? { after: last } : { limit: 1 };
  const answer = await client.get<Page<Message>>("/messages", { channel_kind: "browser", ...query }).catch(() => null);
  if (!answer) return;
  const newest = answer.items.reduce((most, { id }) => (Number(id) > Number(most) ? id : most), last ?? "0");
  // The first time nothing: what was said before is no news.
  if (last) for (const message of answer.items.slice(-MOST)) draw(message, go);
  await keep(LAST, newest);
}

function draw({ id, brand_id, mention_id, title, body }: Message, go: Go): void {
  const notice = new Notification(title, { body, tag: `entregent-${id}` });
  notice.onclick = () => {
    window.focus();
    go("inbox", { brand: brand_id, ...(mention_id && { mention: mention_id }) });
    notice.close();
  };
}
