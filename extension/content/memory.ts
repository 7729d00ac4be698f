/**
 * What must outlive a page load, on sites where Send loads another page: the background keeps it for this tab and origin
 * (background/memory.ts). Nothing of ours is ever in the page's own storage.
 */
import type { Remembered } from "../shared/messages";
import { send } from "../shared/send";
import { checkOrphaned } from "./orphan";

/** Asked at once, so that it is on its way before the page goes. It then does not outlive the page if it is refused. */
export async function remember<N extends keyof Remembered>(name: N, value: Remembered[N]): Promise<void> {
  const ask = { name, value } as { name: "sent"; value: Remembered["sent"] };
  await send("page.keep", ask).catch(checkOrphaned);
}

export const forget = (name: keyof Remembered): Promise<void> => remember(name, null);

/** What the page before left to this one, told once. */
export async function recall(): Promise<Remembered | null> {
  return send("page.recall", {}).catch((error) => {
    checkOrphaned(error);
    return null;
  });
}
