/** What this script needs besides code, asked of the background once for each page. */
import type { PageKit } from "../shared/messages";
import { send } from "../shared/send";
import { host } from "./frame";

let kit: PageKit | null = null;
let take: (kit: PageKit) => void = () => {};

/** Rejects with SendError; then nothing can be drawn here. */
export async function fetchKit(): Promise<PageKit> {
  kit = await send("page.kit", { host });
  take(kit);
  return kit;
}

/** Whoever draws takes words and looks from it: now, and again with each one that comes. */
export function useKit(how: (kit: PageKit) => void): void {
  take = how;
  if (kit) take(kit);
}

/** The person chose another language: its words, before anything is drawn in it. */
export async function speak(language: PageKit["language"]): Promise<void> {
  if (language !== kit?.language) await fetchKit();
}
