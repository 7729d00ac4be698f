/** The extension was updated or removed under this page: our things go, and the person is told to reload. */
import { isOrphaned, SendError } from "../shared/send";

let retire: (() => void) | null = null;

/** What to do once when we find ourselves orphaned. */
export function onOrphaned(run: () => void): void {
  retire = run;
}

/** True when we are orphaned, or `error` says so; then everything of ours is taken down. */
export function checkOrphaned(error?: unknown): boolean {
  if (!isOrphaned() && !(error instanceof SendError && error.code === "reload")) return false;
  const run = retire;
  retire = null;
  run?.();
  return true;
}
