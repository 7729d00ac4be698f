/** What is asked of the toolbar from elsewhere: by the keyboard command, by the inbox. */

import { focused } from "../focused";
import { editorOf } from "../inserter/detect";
import { waitFor } from "../toolbar/dom";
import type { Acting, Ground } from "./acting";

const PATIENCE = 10_000; // ms until a post that was asked for is on the page

/** The saved replies of the box one writes in, else suggestions for the nearest post. */
export async function answerHere(acting: Acting, { posts, state }: Ground): Promise<void> {
  if (editorOf(focused()) && (await acting.openInBox())) return;
  const known = posts()?.nearest();
  if (!known?.toolbar) return;
  if (state.now.paired) void acting.answer(known, known.toolbar);
  else known.toolbar.unfold(true);
}

/** Suggestions for the post at an address, "" = the page's own, once it is on the page. */
export async function answerAt(acting: Acting, { posts }: Ground, url: string): Promise<void> {
  const find = () => posts()?.find(url || location.href) ?? (url ? null : (posts()?.all()[0] ?? null));
  // The address of a post on another server names it otherwise: on its own page it is the first.
  const known = (await waitFor(find, PATIENCE, 200)) ?? posts()?.all()[0];
  if (!known) return;
  known.element.scrollIntoView({ block: "center" });
  const toolbar = await waitFor(() => known.toolbar, PATIENCE, 100);
  if (toolbar) void acting.answer(known, toolbar);
}
