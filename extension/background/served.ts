/**
 * Adapters of the person's own server: taught there by pointing, or put there by its administrator, so that a site that
 * changed is mended without waiting for a new version of the extension. Each is checked when it comes (adapters.ts);
 * they are read with everything else, never because of a page.
 */
import { ApiError } from "../shared/api";
import { getLocal } from "../shared/storage";
import { merged } from "../sites/merged";
import type { Site } from "../sites/types";
import { validAdapter } from "./adapters";
import { pushToTabs } from "./push";
import { ask, callServer } from "./server";
import { brandInUse, changePassing, load, loadPassing, save } from "./store";

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

/** Keep what was taught of this host's pages. Rejects where it is no adapter for it, or the server refuses it. */
export async function keepTaught(host: string, adapter: unknown): Promise<{ id: string }> {
  const site = validAdapter(adapter, host);
  if (site?.tier !== "taught") throw new ApiError(422, "invalid", "This is no adapter for this site.");
  const brand = await brandInUse();
  const body = { host, adapter: site, ...(brand && { brand_id: brand.id }) };
  const { id } = await ask<{ id: string }>("POST", "/adapters", { body });
  await changePassing("taught", (taught) => ({ ...taught, [id]: host }));
  await refreshAdapters();
  return { id };
}

/** Undo, from the page that it was taught on and no other. */
export async function dropTaught(host: string, id: string): Promise<void> {
  if ((await loadPassing("taught"))[id] !== host) throw new ApiError(404, "not_found", "Not taught on this page.");
  await ask("DELETE", `/adapters/${encodeURIComponent(id)}`);
  await refreshAdapters();
}
