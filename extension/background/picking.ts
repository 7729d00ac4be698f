/** Pick a list on a page: the script that asks goes in with the click's own access; the server previews and keeps. */
import { ApiError } from "../shared/api";
import { api } from "../shared/browser";
import { errorText, hasMessage, t } from "../shared/i18n";
import type { PickPreview, PickStep, Recipe } from "../shared/picking";
import type { Source } from "../shared/types";
import { brandIn } from "./client";
import { ask, LONG_TIMEOUT_MS } from "./server";
import { changePassing, loadPassing, useLanguage } from "./store";

type Sender = chrome.runtime.MessageSender;

const SCRIPT = "extension/build/pick.js";
const TITLES = 3;
const PARTS = ["item", "title", "link", "date", "author", "text"] as const;

/** Rejects where nothing may run: pages of the browser, of stores. */
export async function startPicking(tabId: number): Promise<void> {
  try {
    await api.scripting.executeScript({ target: { tabId }, files: [SCRIPT] });
  } catch {
    throw new ApiError(403, "not_here", "Nothing can be picked on this page.");
  }
}

interface Previewed {
  title: string;
  recipe: Recipe | null;
  count: number;
  items: { title: string }[];
  reasons: { code: string; part: string }[];
}

export async function previewPick(clicks: unknown, { tab, url = "" }: Sender): Promise<PickPreview> {
  await useLanguage();
  const body = { ...(await brandIn(tab)), url: pageAddress(url), clicks: waysOf(clicks) };
  try {
    const found = await ask<Previewed>("POST", "/sources/page/preview", { body, timeout_ms: LONG_TIMEOUT_MS });
    return {
      title: found.title,
      recipe: found.recipe,
      count: found.count,
      titles: found.items.slice(0, TITLES).map(({ title }) => title.slice(0, 80)),
      reasons: found.reasons.map(({ code }) => noteOf(code)),
    };
  } catch (error) {
    throw inWords(error);
  }
}

export async function savePick(recipe: unknown, title: string, sender: Sender): Promise<{ id: string; name: string }> {
  const said = (recipe ?? {}) as Record<string, unknown>;
  const parts = PARTS.map((part) => [part, said[part]] as const).filter(
    (pair): pair is readonly [(typeof PARTS)[number], string] => typeof pair[1] === "string" && pair[1] !== "",
  );
  return add("page", Object.fromEntries(parts.map(([part, css]) => [part, css.slice(0, 300)])), title, sender);
}

export function watchPicked(title: string, sender: Sender): Promise<{ id: string; name: string }> {
  return add("watch", {}, title, sender);
}

async function add(kind: string, params: Record<string, string>, title: string, { tab, url = "" }: Sender) {
  await useLanguage();
  const address = pageAddress(url);
  const body = { ...(await brandIn(tab)), kind, params: { url: address, ...params }, name: title.slice(0, 200) };
  try {
    const source = await ask<Source>("POST", "/sources", { key: crypto.randomUUID(), body });
    const origin = originOf(url);
    await changePassing("picked", (picked) => ({ ...picked, [source.id]: origin }));
    return { id: source.id, name: source.name || address };
  } catch (error) {
    throw inWords(error);
  }
}

/** What was added from a page may be taken back from there, and nothing else. Rejects with ApiError. */
export async function undoPick(id: string, { url = "" }: Sender): Promise<void> {
  const origin = (await loadPassing("picked"))[id];
  if (!origin || origin !== originOf(url)) throw new ApiError(404, "not_found", "This was not added here.");
  const gone = (error: unknown) => {
    if (!(error instanceof ApiError && error.status === 404)) throw error;
  };
  await ask("DELETE", `/sources/${encodeURIComponent(id)}`).catch(gone);
  await changePassing("picked", ({ [id]: _, ...others }) => others);
}

const originOf = (url: string) => (URL.canParse(url) ? new URL(url).origin : "");

/** Without what only the browser knows. */
function pageAddress(url: string): string {
  return url.split("#")[0]!.slice(0, 8000);
}

/** As a sentence of its own. */
function noteOf(code: string): string {
  const words = hasMessage(`listening_note_${code}`) ? t(`listening_note_${code}`) : code;
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The page has few words of its own: what went wrong is said here. */
function inWords(error: unknown): unknown {
  if (!(error instanceof ApiError)) return error;
  return new ApiError(error.status, error.code, errorText(error.code, error.message), error.fields, error.extra);
}

/** Two ways, of the shape and length that the server takes; what comes from a page is checked as a stranger's. */
function waysOf(clicks: unknown): PickStep[][] {
  if (!Array.isArray(clicks) || clicks.length !== 2) throw new TypeError("not two clicks");
  return clicks.map((way) => {
    if (!Array.isArray(way) || way.length === 0 || way.length > 100) throw new TypeError("not a way");
    return way.map(stepOf);
  });
}

function stepOf(said: unknown): PickStep {
  const { tag, nth, id, classes, attributes } = (said ?? {}) as PickStep;
  if (typeof tag !== "string" || typeof id !== "string" || !Number.isInteger(nth) || !Array.isArray(classes))
    throw new TypeError("not a step");
  const values = Object.entries(attributes ?? {}).slice(0, 40);
  return {
    tag: tag.slice(0, 60),
    nth: Math.min(Math.max(nth, 1), 100_000),
    id: id.slice(0, 200),
    classes: classes.slice(0, 60).map((one) => String(one).slice(0, 200)),
    attributes: Object.fromEntries(values.map(([name, value]) => [name.slice(0, 60), String(value).slice(0, 500)])),
  };
}
