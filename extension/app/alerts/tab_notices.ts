/**
 * Where there is no extension an open tab of the app shows notifications, if the person switched that on there. Several
 * tabs of one browser take turns under one lock and share the last one shown, so that each is shown once.
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
    if (inExtension) return;
    void showMessages(client, go);
    return client.onChange((kinds) => {
      if (kinds.some((kind) => kind === "message.created" || kind === "")) void showMessages(client, go);
    });
  }, [client]);
}

async function showMessages(client: Client, go: Go): Promise<void> {
  if ((await noticesState()) !== "on") return;
  await navigator.locks.request("entregent.notices", async () => {
    const last = await kept<string>(LAST);
    const query = last ? { after: last } : { limit: 1 };
    const answer = await client
      .get<Page<Message>>("/messages", { channel_kind: "browser", ...query })
      .catch(() => null);
    if (!answer) return;
    const newest = answer.items.reduce((most, { id }) => (Number(id) > Number(most) ? id : most), last ?? "0");
    // The first time nothing: what was said before is no news.
    if (last) for (const message of answer.items.slice(-MOST)) draw(message, go);
    await keep(LAST, newest);
  });
}

function draw({ id, brand_id, mention_id, title, body }: Message, go: Go): void {
  const notice = new Notification(title, { body, tag: `entregent-${id}` });
  notice.onclick = () => {
    window.focus();
    go("inbox", { brand: brand_id, ...(mention_id && { mention: mention_id }) });
    notice.close();
  };
}
