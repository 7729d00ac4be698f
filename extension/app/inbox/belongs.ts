/** Which mentions a list holds, so that a row comes and goes with its own change before the server says so. Pure. */
import type { Mention } from "../../shared/types";
import { type Filter, STATES } from "./filter";

/** Our answer did not go out, and only a person can do something about it. */
export const isStuck = ({ answer }: Pick<Mention, "answer">): boolean =>
  ["rejected", "needs_you", "held"].includes(answer?.state ?? "");

/** True where a mention is shown under a filter. Keyword, network and words do not change by our hand. */
export function belongs(mention: Mention, { tab, folded, story_id }: Filter): boolean {
  if (story_id) return mention.story_id === story_id && mention.status !== "spam";
  if (folded) return mention.about_us === "probably_not" && ["new", "open"].includes(mention.status);
  if (mention.about_us === "probably_not") return false;
  const later = mention.snoozed_until !== null && Date.parse(mention.snoozed_until) > Date.now();
  if (tab === "all") return mention.status !== "spam";
  if (tab === "to_answer" && mention.answer && !isStuck(mention)) return false;
  return STATES[tab].includes(mention.status) && !(later && tab !== "done");
}
