/**
 * In the app's pages on the paired server, when they are open in a plain tab: the app may ask that the page of a mention
 * is opened with its toolbar unfolded, which only the extension can do. Nothing else goes through here, and nothing
 * comes back but that we are there.
 */
import { isOrphaned, send } from "../shared/send";

/** Read by shared/open.ts. */
const HERE = "entregentHere";

async function begin(): Promise<void> {
  // The pattern knows no port: other servers on this machine have the same one.
  const { here } = await send("handover.here", {});
  if (!here) return;
  document.documentElement.dataset[HERE] = "1";
  addEventListener("message", (event) => {
    if (event.source !== window || event.origin !== location.origin) return;
    const url = (event.data as { entregentAnswer?: unknown } | null)?.entregentAnswer;
    if (typeof url !== "string" || !/^https?:\/\//i.test(url)) return;
    if (isOrphaned()) delete document.documentElement.dataset[HERE];
    else void send("handover.open", { url }).catch(() => delete document.documentElement.dataset[HERE]);
  });
}

void begin().catch(() => undefined);
