/** The keys of the toolbar as the person has them, told with the page's state. */
import type { PageKeys } from "../shared/messages";

let now: PageKeys = { reply: "", shorten: "", choose: "123456789", search: "/" };

export const keysNow = (): PageKeys => now;

export function useKeys(keys: PageKeys): void {
  now = keys;
}
