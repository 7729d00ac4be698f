/**
 * What is injected into pages: runs once in a page, whatever injects it again. It looks whether anything there is for us
 * (page.ts); what draws, reads and writes comes then (bring.ts).
 */
import { isOrphaned, onPush } from "../shared/send";
import { siteOf } from "../sites/find";
import type { Site } from "../sites/types";
import { host, whenLarge } from "./frame";
import { fetchKit } from "./kit";
import { Page } from "./page";
import { whenSeen } from "./seen";
import { soundSite } from "./sound";
import { ears } from "./toolbar/ears";
import { removeLeftovers } from "./toolbar/tag";

const here = globalThis as { entregentBegun?: boolean };

let page: Page | null = null;
let used = "";

async function begin(): Promise<void> {
  await whenLarge();
  ears();
  try {
    const { sites, kept, off } = await fetchKit();
    if (off) return;
    removeLeftovers();
    await run(siteOf(sites, document), kept);
    onPush((push) => push.push === "page.kit.changed" && whenSeen(again));
  } catch (error) {
    // The background did not answer, or was updated meanwhile: its next injection begins anew.
    page?.stop(true);
    here.entregentBegun = false;
    console.info(`Entregent: ${String(error)}`);
  }
}

async function run(site: Site | null, kept = false): Promise<void> {
  used = JSON.stringify(site);
  page = new Page(site && soundSite(site));
  await page.start(kept);
}

/** The adapters changed: only where this page's own did, what runs here ends and begins with the new one. */
const again = () => void renew().catch((error) => console.info(`Entregent: ${String(error)}`));

async function renew(): Promise<void> {
  if (isOrphaned()) return;
  const { sites } = await fetchKit();
  const site = siteOf(sites, document);
  if (JSON.stringify(site) === used) return;
  page?.stop(true);
  await run(site);
}

if (!here.entregentBegun && host && document.documentElement instanceof HTMLHtmlElement) {
  here.entregentBegun = true;
  whenSeen(() => void begin());
}
