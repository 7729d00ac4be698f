/**
 * Adapters of the person's own server: taught there by pointing, or put there by its administrator, so that a site that
 * changed is mended without waiting for a new version of the extension. Each is checked when it comes (adapters.ts);
 * they are read with everything else, never because of a page.
 */
import { getLocal } from "../shared/storage";
import { SITES } from "../sites";
import type { Site } from "../sites/types";
import { validAdapter } from "./adapters";
import { pushToTabs } from "./push";
import { callServer } from "./server";
import { load, save } from "./store";

/** More than this no server has; the rest is left. */
const MOST = 300;

interface Answer {
  items: { host: string; adapter: unknown; counts: boolean; own: boolean }[];
  served: unknown[];
}

/** Ask the server for them; pages that are open hear of it. */
export async function refreshAdapters(): Promise<void> {
  await save({ adapters_at: Date.now() });
  const answer = await callServer("GET", "/adapters");
  if (answer.status !== 200) return; // an older server has none: what was read before stays
  await take(answer.body as Answer);
}

async function take({ items, served }: Answer): Promise<void> {
  const taught = items.filter(({ counts }) => counts).sort((one, other) => Number(other.own) - Number(one.own));
  const adapters = [
    ...taught.map(({ adapter, host }) => validAdapter(adapter, host)),
    ...served.map((adapter) => validAdapter(adapter, someHostOf(adapter))),
  ]
    .filter((site) => site !== null)
    .slice(0, MOST);
  if (JSON.stringify(adapters) === JSON.stringify(await load("adapters"))) return;
  await save({ adapters });
  await pushToTabs({ push: "page.kit.changed" });
}

/** It is for its own hosts, whichever they are; what runs on any host must be one of ours. */
function someHostOf(adapter: unknown): string {
  const hosts = (adapter as { hosts?: unknown } | null)?.hosts;
  const [first] = Array.isArray(hosts) ? hosts : [];
  return typeof first === "string" ? first.replace(/^\*/, "www") : "";
}

/** All that is known: taught, then the newer one of what is served and what came with us. */
export async function sitesNow(): Promise<readonly Site[]> {
  const adapters = (await getLocal("token")) ? await load("adapters") : [];
  return merged(adapters);
}

export function merged(adapters: readonly Site[], own: readonly Site[] = SITES): readonly Site[] {
  if (adapters.length === 0) return own;
  const taught = adapters.filter(({ tier }) => tier === "taught");
  const served = adapters.filter(({ tier }) => tier !== "taught");
  const newer = served.filter(({ id, version }) => !own.some((one) => one.id === id && one.version >= version));
  const kept = own.filter(({ id }) => !newer.some((one) => one.id === id));
  return [...taught, ...newer, ...kept];
}
