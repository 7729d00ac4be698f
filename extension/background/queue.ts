/**
 * The queue of what was asked while the server was away: on disk, in order, each item with its idempotency key. Flushed
 * by the alarm, when the network or the server comes back, and after a success that something still waited for; what
 * another person asked for, or of another server, waits until this browser is theirs again.
 */
import { ApiError, errorOf, isPassing } from "../shared/api";
import { api } from "../shared/browser";
import type { Failure, Queued } from "../shared/messages";
import { ourMember } from "../shared/person";
import { getLocal } from "../shared/storage";
import { checkNow, showBadge } from "./changes";
import { sendLateChanges } from "./late";
import { notifyAnywhere } from "./notices";
import { pushToPages } from "./push";
import { callServer, onReachable } from "./server";
import { brandInUse, load, type QueueItem, save, useLanguage } from "./store";
import { aboutTask, runTask, sayDone, type TaskName, type Tasks, thingOf } from "./tasks";

const ALARM = "queue";
/** More than this is refused in words rather than kept in silence. */
export const MOST_WAITING = 100;
/** What is done stays in the list so that its link can be copied. */
const KEEP_DONE = 20;

export function watchQueue(): void {
  api.alarms.onAlarm.addListener(({ name }) => {
    if (name === ALARM) void flushQueue();
  });
  globalThis.addEventListener?.("online", () => void flushQueue());
  onReachable((reachable) => {
    if (!reachable) return;
    void flushQueue();
    void sendLateChanges();
  });
  // A worker that was stopped in the middle goes on where it was.
  void flushQueue();
  void sendLateChanges();
}

/**
 * Do it now, after what waits of the same thing: an older change that came later would undo it. Where the server is
 * away, keep it and say so: the failure then has `queued: true`.
 */
export async function runOrQueue<K extends TaskName>(
  task: K,
  given: Tasks[K]["ask"],
): Promise<{ ok: true; value: Tasks[K]["done"] } | { ok: false; error: Failure }> {
  const key = crypto.randomUUID();
  // What waits stays with the brand it was asked for, whichever is in use when it is done.
  const brand = await brandInUse();
  const asked = { ...(brand && { brand_id: brand.id }), ...given };
  const thing = thingOf(task, asked);
  const before = async () => (await waiting()).some((one) => thing !== "" && thingOf(one.task, one.ask) === thing);
  if (await before()) {
    await flushQueue();
    if (await before()) return keepForLater(task, asked, key);
  }
  try {
    const value = await runTask(task, asked, key);
    if ((await waiting()).length > 0) void flushQueue();
    // Other tabs and the badge need not wait for the next look.
    void checkNow();
    return { ok: true, value };
  } catch (error) {
    return isPassing(error) ? keepForLater(task, asked, key) : { ok: false, error: failureOf(error) };
  }
}

async function keepForLater(task: TaskName, asked: unknown, key: string): Promise<{ ok: false; error: Failure }> {
  const kept = await addToQueue(task, asked, key);
  const code = kept ? "queued" : "queue_full";
  return { ok: false, error: { code, message: "The server is away.", queued: kept } };
}

export function failureOf(error: unknown): Failure {
  const known = error instanceof ApiError ? error : new ApiError(0, "internal", String(error));
  return { code: known.code, message: known.message, queued: false };
}

type Whose = (item: QueueItem) => boolean;

/** Which items are of the server and the person that this browser works with now; none of them while nobody is known. */
async function ours(): Promise<Whose> {
  const [server, member_id] = await Promise.all([getLocal("server"), ourMember()]);
  return (item) =>
    (item.server ?? server) === server && member_id !== "" && (item.member_id ?? member_id) === member_id;
}

/** What waits of ours, oldest first. */
async function waiting(): Promise<QueueItem[]> {
  const isOurs = await ours();
  return (await load("queue")).filter((item) => item.state === "waiting" && isOurs(item));
}

/** How many things wait here that somebody else asked for, or that are another server's. */
export async function countOthers(): Promise<number> {
  const isOurs = await ours();
  return (await load("queue")).filter((item) => item.state === "waiting" && !isOurs(item)).length;
}

/** What pages may show. */
export async function shownQueue(): Promise<Queued[]> {
  const isOurs = await ours();
  return (await load("queue")).filter(isOurs).map(({ id, at, task, about, state, error, copy }) => ({
    id,
    at,
    task,
    about,
    state,
    error,
    copy,
  }));
}

export async function dropQueued(id: string): Promise<void> {
  await changeQueue((queue) => queue.filter((item) => item.id !== id));
}

async function addToQueue(task: TaskName, asked: unknown, key: string): Promise<boolean> {
  let kept = false;
  const [server, member_id] = await Promise.all([getLocal("server"), ourMember()]);
  await changeQueue((queue) => {
    kept = queue.filter(({ state }) => state === "waiting").length < MOST_WAITING;
    if (!kept) return queue;
    const item: QueueItem = {
      id: key,
      key,
      server,
      ...(member_id && { member_id }),
      at: new Date().toISOString(),
      task,
      ask: asked,
      about: aboutTask(task, asked),
      state: "waiting",
      error: "",
      copy: "",
    };
    return [...queue, item];
  });
  if (kept) await api.alarms.create(ALARM, { periodInMinutes: 0.5 });
  return kept;
}

let flushing: Promise<void> | null = null;

/** Try what waits, oldest first, until one meets a server that is away. Two callers share one flush. */
export function flushQueue(): Promise<void> {
  flushing ??= flush().finally(() => {
    flushing = null;
  });
  return flushing;
}

async function flush(): Promise<void> {
  let first = true;
  for (;;) {
    const [item] = await waiting();
    if (!item) {
      await api.alarms.clear(ALARM);
      return;
    }
    // Ask once whether anybody is there, so that twenty items do not wait for twenty time-outs.
    if (first && (await callServer("GET", "/me")).status !== 200) return;
    first = false;
    if (!(await tryItem(item))) return;
  }
}

/** False when the server went away again. */
async function tryItem(item: QueueItem): Promise<boolean> {
  await useLanguage();
  try {
    const done = await runTask(item.task, item.ask as never, item.key);
    void checkNow();
    const { text, copy } = sayDone(item.task, item.ask, done);
    if (text) {
      await settle(item.id, { state: "done", copy, error: "" });
      await notifyAnywhere(text, copy);
    } else {
      await dropQueued(item.id);
    }
  } catch (error) {
    if (isPassing(error) || (error instanceof ApiError && error.status === 401)) return false;
    const { code } = error instanceof ApiError ? error : errorOf(500, null);
    await settle(item.id, { state: "failed", error: code });
  }
  return true;
}

async function settle(id: string, values: Partial<QueueItem>): Promise<void> {
  await changeQueue((queue) => {
    const settled = queue.map((item) => (item.id === id ? { ...item, ...values } : item));
    const done = settled.filter(({ state }) => state === "done");
    const tooOld = new Set(done.slice(0, Math.max(0, done.length - KEEP_DONE)).map((item) => item.id));
    return settled.filter((item) => !tooOld.has(item.id));
  });
}

let changing: Promise<void> = Promise.resolve();

/** One change after the other: two at once would overwrite each other. */
function changeQueue(change: (queue: QueueItem[]) => QueueItem[]): Promise<void> {
  changing = changing
    .catch(() => undefined)
    .then(async () => {
      await save({ queue: change(await load("queue")) });
      pushToPages({ push: "changed", kinds: ["queue"] });
      await showBadge();
    });
  return changing;
}
