/**
 * The API as the interface sees it: one `Client`, two transports. In the extension every call goes through the
 * background, which holds the token; in the app that the server serves, calls go to the same origin with its cookie.
 */
import { inExtension } from "./browser";
import { errorText, hasMessage, language, t } from "./i18n";
import { ANOTHER_PERSON, anotherPersonIsHere, PERSON_HEADER, personHere } from "./person";
import { newId } from "./random";
import { onPush, send } from "./send";
import type { Change } from "./types";

export type Query = Record<string, string | number | boolean | null | undefined>;

export interface CallOptions {
  query?: Query;
  body?: unknown;
  /** POSTs that create something get a fresh one by themselves; give one to repeat the same call safely. */
  idempotencyKey?: string;
  signal?: AbortSignal;
}

export interface Client {
  get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T>;
  post<T>(path: string, body?: unknown, idempotencyKey?: string): Promise<T>;
  patch<T>(path: string, body: unknown): Promise<T>;
  del<T>(path: string): Promise<T>;
  call<T>(method: string, path: string, options?: CallOptions): Promise<T>;
  /** Told of changes on the server (kinds like `mention.created`; "" when not known), and after coming back. */
  onChange(listener: (kinds: string[]) => void): () => void;
}

/** What the API refused (`status` ≥ 400), or that it could not be asked (`status` 0, code `unreachable`). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly fields: Record<string, string> = {},
    /** Other members of the error: `position` of a query, `current` of a conflict. */
    readonly extra: Record<string, unknown> = {},
  ) {
    super(message);
  }

  /** For people, in their language. */
  get text(): string {
    return errorText(this.code, this.message);
  }

  /** What is wrong with one field, for people: by the error's own code; the server's English words to English readers. */
  textOf(field: string): string {
    if (this.code !== "invalid" && hasMessage(`error_${this.code}`)) return this.text;
    return language() === "en" ? (this.fields[field] ?? this.text) : t("error_field");
  }
}

/** The error in an answer's body. */
export function errorOf(status: number, body: unknown): ApiError {
  const error = (body as { error?: Record<string, unknown> } | null)?.error;
  if (!error || typeof error !== "object")
    return new ApiError(status, status ? "internal" : "unreachable", `HTTP ${status}`);
  const { code, message, fields, ...extra } = error;
  return new ApiError(status, String(code), String(message), (fields as Record<string, string>) ?? {}, extra);
}

/**
 * Status and JSON of an answer; null where an error has none, as a proxy's. Rejects where it ended in the middle, or is
 * good and yet no JSON (the log-in page of a hotel's network): that is not what the server said.
 */
export async function readAnswer(response: Response): Promise<{ status: number; body: unknown }> {
  const text = await response.text();
  if (response.headers.get("content-type")?.includes("json"))
    return { status: response.status, body: JSON.parse(text) };
  if (response.ok) throw new TypeError("not from the API");
  return { status: response.status, body: null };
}

/** Away, busy or restarting: worth another try later, with the same key. The one rule of app and background. */
export function isPassing(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status === 429 || error.status >= 502);
}

/** `/mentions` with `{status: "new", q: undefined}` → `/mentions?status=new`. */
export function withQuery(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text ? `${path}?${text}` : path;
}

type Transport = (
  method: string,
  path: string,
  body: unknown,
  key: string | undefined,
  signal?: AbortSignal,
) => Promise<{ status: number; body: unknown }>;

function makeClient(transport: Transport, onChange: Client["onChange"]): Client {
  async function call<T>(method: string, path: string, options: CallOptions = {}): Promise<T> {
    const key = method === "POST" ? (options.idempotencyKey ?? newId()) : options.idempotencyKey;
    const { status, body } = await transport(method, withQuery(path, options.query), options.body, key, options.signal);
    if (status >= 200 && status < 300) return body as T;
    throw errorOf(status, body);
  }
  return {
    call,
    get: (path, query, signal) => call("GET", path, { ...(query && { query }), ...(signal && { signal }) }),
    post: (path, body = {}, idempotencyKey) => call("POST", path, { body, ...(idempotencyKey && { idempotencyKey }) }),
    patch: (path, body) => call("PATCH", path, { body }),
    del: (path) => call("DELETE", path),
    onChange: shareOne(onChange),
  };
}

/** One stream (or port) for all who listen: a browser opens six connections to a server at most, a stream holds one. */
function shareOne(start: Client["onChange"]): Client["onChange"] {
  const listeners = new Set<(kinds: string[]) => void>();
  let stop: (() => void) | undefined;
  return (listener) => {
    listeners.add(listener);
    stop ??= start((kinds) => {
      for (const one of [...listeners]) one(kinds);
    });
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0) return;
      stop?.();
      stop = undefined;
    };
  };
}

/** Same origin, with the log-in's cookie. Browsers say `Sec-Fetch-Site: same-origin` by themselves. */
export function webClient(base = "/api/v1"): Client {
  const transport: Transport = async (method, path, body, key, signal) => {
    const headers: Record<string, string> = { Accept: "application/json" };
    const form = body instanceof FormData;
    if (body !== undefined && !form) headers["Content-Type"] = "application/json";
    if (key) headers["Idempotency-Key"] = key;
    if (personHere()) headers[PERSON_HEADER] = personHere();
    const sent = form ? body : body !== undefined ? JSON.stringify(body) : undefined;
    try {
      const response = await fetch(base + path, {
        method,
        headers,
        credentials: "same-origin",
        ...(sent !== undefined && { body: sent }),
        // What was done just before the page is closed still arrives; browsers carry 64 kB in this way.
        keepalive: method !== "GET" && (sent === undefined || (typeof sent === "string" && sent.length < 8000)),
        ...(signal && { signal }),
      });
      const answer = await readAnswer(response);
      if (answer.status === 403 && errorOf(403, answer.body).code === ANOTHER_PERSON) anotherPersonIsHere();
      return answer;
    } catch (error) {
      if (signal?.aborted) throw error;
      return { status: 0, body: null };
    }
  };
  return makeClient(transport, (listener) => listenToEvents(base, listener));
}

/** The background calls for us. Files travel as data URLs in `{file: {name, type, data}}`: messages are JSON. */
export function extensionClient(): Client {
  const transport: Transport = async (method, path, body, key, signal) => {
    signal?.throwIfAborted();
    const plain = body instanceof FormData ? await formAsJson(body) : body;
    const answer = await send("api", { method, path, body: plain, ...(key && { idempotency_key: key }) });
    signal?.throwIfAborted();
    return answer;
  };
  return makeClient(transport, listenToBackground);
}

const HERE_MS = 5000;
const listeners = new Set<(kinds: string[]) => void>();
let stopListening: (() => void) | undefined;
/** The newest change this page was told of; undefined before the first word. */
let heard: number | undefined;

/**
 * While this page is on screen the background asks for changes every few seconds instead of every 30. We say so again
 * and again, which wakes a worker that was stopped, and its answer tells what a push may have lost on the way.
 */
function listenToBackground(listener: (kinds: string[]) => void): () => void {
  listeners.add(listener);
  if (!stopListening) {
    const stop = onPush((push) => push.push === "changed" && tell(push.kinds, push.last));
    const timer = setInterval(sayHere, HERE_MS);
    document.addEventListener("visibilitychange", sayHere);
    stopListening = () => {
      stop();
      clearInterval(timer);
      document.removeEventListener("visibilitychange", sayHere);
    };
    sayHere();
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    stopListening?.();
    stopListening = undefined;
  };
}

function tell(kinds: string[], last?: number): void {
  if (last !== undefined) heard = last;
  for (const listener of listeners) listener(kinds);
}

function sayHere(): void {
  if (document.visibilityState !== "visible") return;
  send("view.here", {}).then(
    ({ last }) => {
      // At the first word too: this page may have read before the change that the background already knows.
      const missed = last !== heard;
      heard = last;
      if (missed) tell([""]);
    },
    () => undefined,
  );
}

/** The client of the place the code runs in. */
export function defaultClient(): Client {
  return inExtension ? extensionClient() : webClient();
}

/** `/events` hints, `/changes` is the truth. Falls back to asking where streams are refused. */
function listenToEvents(base: string, listener: (kinds: string[]) => void): () => void {
  let last = -1;
  let busy = false;
  let again = false;
  const ask = async () => {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    try {
      const response = await fetch(last < 0 ? `${base}/changes` : `${base}/changes?after=${last}`, {
        credentials: "same-origin",
      });
      if (!response.ok) return;
      const changes = (await response.json()) as { items: Change[]; last: number };
      const first = last < 0;
      last = changes.last;
      // What was shown before this first place in the changes was known may be older than it.
      if (first) listener([""]);
      else if (changes.items.length > 0) listener([...new Set(changes.items.map((change) => change.kind))]);
    } catch {
      // Away: the next hint or tick asks again.
    } finally {
      busy = false;
      if (again) {
        again = false;
        void ask();
      }
    }
  };
  void ask();
  let stream = openStream(base, ask);
  let ticks = 0;
  const timer = setInterval(() => {
    const refused = stream.readyState === EventSource.CLOSED; // the browser does not try again by itself then
    ticks += 1;
    if (refused && ticks % 6 === 0) stream = openStream(base, ask);
    if (document.visibilityState === "visible" && (refused || ticks % 3 === 0)) void ask();
  }, 5000);
  return () => {
    stream.close();
    clearInterval(timer);
  };
}

function openStream(base: string, ask: () => Promise<void>): EventSource {
  const stream = new EventSource(`${base}/events`);
  stream.addEventListener("change", () => void ask());
  stream.addEventListener("open", () => void ask());
  return stream;
}

async function formAsJson(form: FormData): Promise<Record<string, unknown>> {
  const out: Record<string, unknown> = {};
  for (const [name, value] of form.entries()) {
    out[name] =
      typeof value === "string" ? value : { name: value.name, type: value.type, data: await asDataUrl(value) };
  }
  return { $form: out };
}

/** The other way round. */
export function blobOf(dataUrl: string, type: string): Blob {
  const text = atob(dataUrl.slice(dataUrl.indexOf(",") + 1));
  return new Blob([Uint8Array.from(text, (letter) => letter.charCodeAt(0))], { type });
}

/** Messages of extensions are JSON: a file travels as a text. */
export function asDataUrl(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
