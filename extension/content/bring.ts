/**
 * Brings the second half of our script (acting.ts) into this page, when the person first acts on it. The background
 * injects it; both halves meet in the content scripts' own world, which no page sees.
 */
import { send } from "../shared/send";
import type { Acting } from "./acting";

export const place = globalThis as { entregentActing?: typeof Acting };

let coming: Promise<typeof Acting> | null = null;

/** Rejects with SendError, as any request; asked again, it tries again. */
export function bringActing(): Promise<typeof Acting> {
  coming ??= send("page.acting", {}).then(() => {
    if (!place.entregentActing) throw new Error("the second half did not come");
    return place.entregentActing;
  });
  coming.catch(() => {
    coming = null;
  });
  return coming;
}
