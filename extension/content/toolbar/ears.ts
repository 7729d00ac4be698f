/** Listeners on `window`, one set for all our scripts in a page: the first of them to come sets them up. */

export const KEYS = ["keydown", "keypress", "keyup"] as const;
export const EDITS = ["beforeinput", "input", "paste"] as const;
const HEARD = [...KEYS, ...EDITS, "focusin", "click"];

/** `hear` is null until the part that knows what is ours has come. */
export interface Ears {
  hear: ((event: Event) => void) | null;
}

const here = globalThis as { entregentEars?: Ears };

export function ears(): Ears {
  if (here.entregentEars) return here.entregentEars;
  const made: Ears = { hear: null };
  here.entregentEars = made;
  for (const type of HEARD) addEventListener(type, (event) => made.hear?.(event), { capture: true });
  return made;
}
