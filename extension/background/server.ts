/** The only place that talks to the server: address, token, time limit, error shape. */
import { ApiError, asDataUrl, blobOf, errorOf, type Query, readAnswer, withQuery } from "../shared/api";
import { getLocal, setLocal } from "../shared/storage";
import { loadPassing, savePassing } from "./store";

const TIMEOUT_MS = 20_000;
/** For what a person waits for with a page open: a live preview asks other people's servers first. */
export const LONG_TIMEOUT_MS = 90_000;
/** Codes of 401 that mean: this token will never work again. */
const TOKEN_ENDED = new Set(["unauthorized", "wrong_origin"]);

export interface Answer {
  /** 0 = nobody answered. */
  status: number;
  body: unknown;
}

export interface CallOptions {
  query?: Query;
  body?: unknown;
  key?: string;
  /** Another server than the paired one, without the token (pairing). */
  server?: string;
  timeout_ms?: number;
}

type Listener = (reachable: boolean) => void;
const listeners: Listener[] = [];

/** Call `listener` when the server went away or came back. */
export function onReachable(listener: Listener): void {
  listeners.push(listener);
}

const onEnd: (() => void)[] = [];

/** Call `listener` when the server has no use for our token any more; it is forgotten by then. */
export function onTokenEnded(listener: () => void): void {
  onEnd.push(listener);
}

/** One call. Never rejects: what went wrong is in the answer, in the API's own error shape. */
export async function callServer(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
  const began = performance.now();
  const server = options.server ?? (await getLocal("server"));
  const token = options.server ? "" : await getLocal("token");
  if (!options.server && !token) return refusal(401, "unauthorized", "This browser is not paired.");
  const headers: Record<string, string> = { Accept: "application/json", "X-Entregent-Api": "1" };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (options.key) headers["Idempotency-Key"] = options.key;
  const body = encode(options.body, headers);
  let answer: Answer;
  try {
    const response = await fetch(`${server}/api/v1${withQuery(path, options.query)}`, {
      method,
      headers,
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
      signal: AbortSignal.timeout(options.timeout_ms ?? TIMEOUT_MS),
      ...(body !== undefined && { body }),
    });
    answer = await readAnswer(response);
  } catch {
    answer = refusal(0, "unreachable", "The server does not answer.");
  }
  if (!options.server) await noteAnswer(answer, { server, token, began });
  return answer;
}

/** One call that must work. Rejects with ApiError. */
export async function ask<T>(method: string, path: string, options: CallOptions = {}): Promise<T> {
  const { status, body } = await callServer(method, path, options);
  if (status >= 200 && status < 300) return body as T;
  throw errorOf(status, body);
}

/** A file of the server, as a data URL. Rejects with ApiError. */
export async function readFile(path: string): Promise<{ type: string; data: string }> {
  const [server, token] = await Promise.all([getLocal("server"), getLocal("token")]);
  const answer = await fetch(`${server}/api/v1${path}`, {
    headers: { "X-Entregent-Api": "1", Authorization: `Bearer ${token}` },
    credentials: "omit",
    redirect: "error",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch(() => null);
  if (!answer) throw new ApiError(0, "unreachable", "The server does not answer.");
  if (!answer.ok) throw errorOf(answer.status, await answer.json().catch(() => null));
  const file = await answer.blob();
  return { type: file.type, data: await asDataUrl(file) };
}

function refusal(status: number, code: string, message: string): Answer {
  return { status, body: { error: { code, message } } };
}

/** When the server answered last, as `performance.now()`. */
let heard = Number.NEGATIVE_INFINITY;

/** How and when something was asked. */
interface Asked {
  server: string;
  token: string;
  began: number;
}

async function noteAnswer({ status, body }: Answer, { server, token, began }: Asked): Promise<void> {
  // An answer to what was asked of another server, or with an older token, says nothing about the present one.
  if ((await getLocal("server")) !== server || (await getLocal("token")) !== token) return;
  const reachable = status !== 0 && status !== 502 && status !== 504;
  if (reachable) heard = performance.now();
  // Other calls were answered while this one waited: it is slow, the server is there.
  else if (heard > began) return;
  if ((await loadPassing("reachable")) !== reachable) {
    await savePassing({ reachable });
    for (const listener of listeners) listener(reachable);
  }
  if (status !== 401 || !TOKEN_ENDED.has(errorOf(status, body).code)) return;
  await setLocal({ token: "" });
  for (const listener of onEnd) listener();
}

/** JSON, or a form that a page sent as `{$form: {name: text | {name, type, data}}}` since messages carry no files. */
function encode(body: unknown, headers: Record<string, string>): BodyInit | undefined {
  if (body === undefined || body === null) return undefined;
  const fields = (body as { $form?: Record<string, string | { name: string; type: string; data: string }> }).$form;
  if (!fields) {
    headers["Content-Type"] = "application/json";
    return JSON.stringify(body);
  }
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === "string") form.append(name, value);
    else form.append(name, blobOf(value.data, value.type), value.name);
  }
  return form;
}
