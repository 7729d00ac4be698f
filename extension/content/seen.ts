/** A tab that nobody sees does no work: what becomes due meanwhile is done once, when it is seen again. */

const due = new Set<() => void>();

export const isSeen = (): boolean => document.visibilityState === "visible";

/** Run now, or when the page is seen again; the same function waits once only. */
export function whenSeen(run: () => void): void {
  if (isSeen()) run();
  else due.add(run);
}

document.addEventListener("visibilitychange", () => {
  if (!isSeen()) return;
  const waiting = [...due];
  due.clear();
  for (const run of waiting) run();
});
