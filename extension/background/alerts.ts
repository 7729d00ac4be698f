/**
 * Alerts as notifications of the browser. Messages are fetched above the last one shown, so each is shown once however
 * many windows there are; its notification has the message's id, so that one shown twice is still one.
 */
import { api } from "../shared/browser";
import { plural } from "../shared/i18n";
import { getLocal } from "../shared/storage";
import type { Page } from "../shared/types";
import { callServer } from "./server";
import { openApp } from "./share";
import { load, save, useLanguage } from "./store";

const PREFIX = "message-";
/** More than so many at once are one notification. */
const MOST = 3;
const MAX_TEXT = 300;

interface Message {
  id: string;
  brand_id: string;
  title: string;
  body: string;
  mention_id: string | null;
}

/** Clicks on notifications. The permission may come later: then from that moment on. */
export function watchNotices(): void {
  listen();
  api.permissions.onAdded.addListener(() => listen());
  // From the moment it is switched on: what was said before is no news.
  api.storage.onChanged.addListener((changes, area) => {
    if (area === "local" && changes.notices) void inTurn(() => forgetMessages().then(showNow));
  });
}

let listening = false;

function listen(): void {
  if (listening || !api.notifications) return;
  listening = true;
  api.notifications.onClicked.addListener((id: string) => {
    if (id.startsWith(PREFIX)) void open(id.slice(PREFIX.length));
  });
}

/** `<brand>.<mention>.<message>`; no mention where it is about several. */
async function open(named: string): Promise<void> {
  const [brand = "", mention = ""] = named.split(".");
  await api.notifications.clear(PREFIX + named);
  await openApp("inbox", { brand, ...(mention && { mention }) });
}

let turn: Promise<void> = Promise.resolve();

/** One after another: two that read the same place would show the same twice. */
function inTurn(act: () => Promise<void>): Promise<void> {
  turn = turn.catch(() => undefined).then(act);
  return turn;
}

/** A message was said. Kept until it is shown: a server that does not answer, or a worker stopped on the way, loses none. */
export function messagesCame(): Promise<void> {
  return inTurn(async () => {
    await save({ messages_due: true });
    await showNow();
  });
}

/** Show what could not be shown when it came. */
export async function showDueMessages(): Promise<void> {
  if (await load("messages_due")) await showMessages();
}

/** Show what came since the last time. The first time nothing: what was said before is no news. */
export function showMessages(): Promise<void> {
  return inTurn(showNow);
}

async function showNow(): Promise<void> {
  const last = await load("last_message");
  const granted = await api.permissions.contains({ permissions: ["notifications"] });
  if (!granted || !(await getLocal("notices"))) {
    // What is said while they are off is not shown when they are switched on.
    if (last || (await load("messages_due"))) await forgetMessages();
    return;
  }
  if (!api.notifications) return; // granted, and not yet in this worker: at its next turn, or in the next worker
  listen();
  const query = last ? { after: last } : { limit: 1 };
  const answer = await callServer("GET", "/messages", { query: { channel_kind: "browser", ...query } });
  if (answer.status !== 200) return;
  const { items } = answer.body as Page<Message>;
  const newest = items.reduce((most, { id }) => (Number(id) > Number(most) ? id : most), last || "0");
  if (last && items.length > 0) await show(items);
  await save({ last_message: newest, messages_due: false });
}

export async function forgetMessages(): Promise<void> {
  await save({ last_message: "", messages_due: false });
}

async function show(messages: Message[]): Promise<void> {
  await useLanguage();
  if (messages.length <= MOST) {
    for (const { id, brand_id, mention_id, title, body } of messages) {
      await draw(`${PREFIX}${brand_id}.${mention_id ?? ""}.${id}`, title, body);
    }
    return;
  }
  const newest = messages[messages.length - 1]!;
  const titles = messages.slice(-MOST).map(({ title }) => title);
  await draw(
    `${PREFIX}${newest.brand_id}..${newest.id}`,
    plural("notice_alerts", messages.length),
    titles.reverse().join("\n"),
  );
}

async function draw(id: string, title: string, message: string): Promise<void> {
  await api.notifications.create(id, {
    type: "basic",
    iconUrl: api.runtime.getURL("extension/icons/128.png"),
    title: title.slice(0, MAX_TEXT),
    message: message.slice(0, MAX_TEXT),
  });
}
