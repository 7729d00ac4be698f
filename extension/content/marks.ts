/** Whether posts of a page get a mark. */
import type { Site } from "../sites/types";
import type { State } from "./state";

/** Why they have none; "" = they have. `trying`: the person looks whether marks fall on the right posts. */
export function whyNoMarks(site: Site | null, { now }: State, trying = false): "unknown" | "boxes" | "unchecked" | "" {
  if (!site) return "unknown";
  if (site.composer_only) return "boxes";
  return site.tier === "unchecked" && !now.confirmed && !trying ? "unchecked" : "";
}
