/** What is injected into pages: runs once in a page, whatever injects it again. */
import { siteOf } from "../sites/find";
import { fetchKit } from "./kit";
import { Page } from "./page";
import { soundSite } from "./sound";
import { removeLeftovers, setLooks } from "./toolbar/host";

const here = globalThis as { entregentBegun?: boolean };

async function begin(): Promise<void> {
  here.entregentBegun = true;
  try {
    const { css, sites } = await fetchKit();
    removeLeftovers();
    setLooks(css);
    const site = siteOf(sites, document);
    await new Page(site && soundSite(site)).start();
  } catch (error) {
    // The background did not answer, or was updated meanwhile: its next injection begins anew.
    here.entregentBegun = false;
    console.info(`Entregent: ${String(error)}`);
  }
}

if (!here.entregentBegun && document.documentElement instanceof HTMLHtmlElement) void begin();
