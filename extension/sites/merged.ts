/** All adapters there are: taught ones first, then the newer one of what a server gives and what came with us. */
import { SITES } from ".";
import type { Site } from "./types";

export function merged(adapters: readonly Site[], own: readonly Site[] = SITES): readonly Site[] {
  if (adapters.length === 0) return own;
  const taught = adapters.filter(({ tier }) => tier === "taught");
  const served = adapters.filter(({ tier }) => tier !== "taught");
  const newer = served.filter(({ id, version }) => !own.some((one) => one.id === id && one.version >= version));
  const kept = own.filter(({ id }) => !newer.some((one) => one.id === id));
  return [...taught, ...newer, ...kept];
}
