/**
 * Pairing: we show a code, the person approves the same code in the app, we get a token once. Only we can fetch it,
 * since only we know the verifier whose SHA-256 was sent. What is pending is on disk, so a stopped worker goes on.
 */
import { errorOf } from "../shared/api";
import { api, inFirefox } from "../shared/browser";
import type { Pairing } from "../shared/messages";
import { getLocal, setLocal } from "../shared/storage";
import { forgetWhatWasRead, refreshAll } from "./changes";
import { sendLateChanges } from "./late";
import { pushToPages } from "./push";
import { flushQueue } from "./queue";
import { callServer } from "./server";
import { registerSites } from "./sites";
import { load, type PendingPairing, save } from "./store";

const POLL_MS = 1000;
const ALARM = "pairing";

/** Go on with a pairing that was pending when the worker was stopped. */
export function watchPairing(): void {
  api.alarms.onAlarm.addListener(({ name }) => {
    if (name === ALARM) void pollWhilePending();
  });
  void pollWhilePending();
}

/** Ask `server` to let us in. The page that calls this has asked for access to the server's host before. */
export async function startPairing(address: string): Promise<Pairing> {
  const server = cleanAddress(address);
  if (!server) return failed(address, "", "bad_address");
  const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  const code = makeCode();
  const body = { code, client: clientName(), challenge: base64url(new Uint8Array(digest)) };
  const answer = await callServer("POST", "/pairing/requests", { body, server });
  const made = answer.body as { id?: string; expires_at?: string } | null;
  if (answer.status !== 201 || !made?.id || !made.expires_at) {
    return failed(
      server,
      code,
      answer.status === 404 || answer.status === 405 ? "not_entregent" : errorOf(answer.status, answer.body).code,
    );
  }
  const pairing: PendingPairing = {
    id: made.id,
    server,
    code,
    verifier,
    expires_at: made.expires_at,
    status: "pending",
  };
  await save({ pairing });
  await api.alarms.create(ALARM, { periodInMinutes: 0.5 });
  void pollWhilePending();
  return shown(pairing)!;
}

export async function cancelPairing(): Promise<void> {
  await save({ pairing: null });
  await api.alarms.clear(ALARM);
}

export async function forgetPairing(): Promise<void> {
  await cancelPairing();
  await setLocal({ token: "", brand_id: "" });
  await save({ me: null, accounts: [], people: {}, accounts_here: [] });
  await forgetWhatWasRead();
}

/** What pages may know of it: not the verifier. */
export function shown(pairing: PendingPairing | null): Pairing | null {
  if (!pairing) return null;
  const { server, code, expires_at, status } = pairing;
  return { server, code, expires_at, status, error: "" };
}

let polling = false;

async function pollWhilePending(): Promise<void> {
  if (polling) return;
  polling = true;
  try {
    while (await pollOnce()) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  } finally {
    polling = false;
  }
}

/** One question. True while there is something to wait for. */
async function pollOnce(): Promise<boolean> {
  const pairing = await load("pairing");
  if (pairing?.status !== "pending") {
    await api.alarms.clear(ALARM);
    return false;
  }
  const { server, id, verifier } = pairing;
  const answer = await callServer("POST", `/pairing/requests/${id}/poll`, { body: { verifier }, server });
  const still = await load("pairing");
  if (still?.id !== id) return Boolean(still);
  const told = answer.body as { status?: string; token?: string } | null;
  if (answer.status === 200 && told?.status === "approved" && told.token) {
    await setLocal({ server, token: told.token, brand_id: "" });
    await save({ pairing: null, me: null, accounts: [], people: {}, accounts_here: [] });
    await forgetWhatWasRead();
    await api.alarms.clear(ALARM);
    await refreshAll();
    void flushQueue();
    void sendLateChanges();
    pushToPages({ push: "changed", kinds: ["paired"] });
    await registerSites();
    return false;
  }
  if (answer.status === 200 && told?.status === "refused") return end(pairing, "refused");
  if ([401, 404, 410].includes(answer.status)) return end(pairing, "ended");
  // Our clock may differ from the server's: its 410 decides, this only keeps us from asking for ever.
  if (Date.now() > Date.parse(pairing.expires_at) + 10 * 60_000) return end(pairing, "ended");
  return true;
}

async function end(pairing: PendingPairing, status: "refused" | "ended"): Promise<boolean> {
  await save({ pairing: { ...pairing, status } });
  await api.alarms.clear(ALARM);
  pushToPages({ push: "changed", kinds: ["pairing"] });
  return false;
}

function failed(server: string, code: string, error: string): Pairing {
  return { server, code, expires_at: "", status: "ended", error };
}

/** "tools.example:8377/-/app/" → "https://tools.example:8377"; loopback gets http. "" for what is no address. */
export function cleanAddress(address: string): string {
  const text = address.trim();
  const loopback = /^(localhost|127\.0\.0\.1)([:/]|$)/i.test(text);
  try {
    const url = new URL(/^https?:\/\//i.test(text) ? text : `${loopback ? "http" : "https"}://${text}`);
    return url.hostname && !url.username && !url.password ? url.origin : "";
  } catch {
    return "";
  }
}

/** Six digits, evenly drawn, as "483-920". */
function makeCode(): string {
  const range = 2 ** 32 - (2 ** 32 % 1_000_000);
  let n = range;
  while (n >= range) n = crypto.getRandomValues(new Uint32Array(1))[0]!;
  const digits = String(n % 1_000_000).padStart(6, "0");
  return `${digits.slice(0, 3)}-${digits.slice(3)}`;
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/** "Firefox (Linux)": a name that a person recognises in the list of devices, in any language. */
function clientName(): string {
  const agent = navigator.userAgent;
  const browser = inFirefox ? "Firefox" : /Edg\//.test(agent) ? "Edge" : /OPR\//.test(agent) ? "Opera" : "Chrome";
  const system = ["Windows", "Android", "Mac OS X", "CrOS", "Linux"].find((name) => agent.includes(name)) ?? "";
  return system ? `${browser} (${system.replace("Mac OS X", "macOS").replace("CrOS", "ChromeOS")})` : browser;
}

/** True where a token is kept. */
export async function isPaired(): Promise<boolean> {
  return Boolean(await getLocal("token"));
}
