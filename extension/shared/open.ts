/** Opening mentions from our own pages. In the extension the background opens them; elsewhere the browser does. */
import { api, inExtension } from "./browser";
import { send } from "./send";

/**
 * Open a mention's page; with `answer` its toolbar unfolds there with suggestions. Call it in the click or key itself:
 * access to a site that is not switched on yet is asked for here, and browsers want that in the gesture.
 */
export async function openMention(url: string, answer: boolean): Promise<void> {
  if (!inExtension) {
    // The extension is in this browser too and paired with this server (content/handover.ts): it can unfold the toolbar.
    if (answer && document.documentElement.dataset.entregentHere) {
      window.postMessage({ entregentAnswer: url }, location.origin);
      return;
    }
    window.open(url, "_blank", "noopener,noreferrer");
    return;
  }
  if (!answer) {
    await send("mention.open", { url, answer: false });
    return;
  }
  const { protocol, hostname } = new URL(url);
  const granting = api.permissions.request({ origins: [`${protocol}//${hostname}/*`] }).catch(() => false);
  await send("mention.open", { url, answer: true });
  // Refused: the page is opened without a toolbar. Granted: the background opens it, also if this page is gone by then.
  if (await granting) await send("site.on", { url });
  else await send("mention.open", { url, answer: false });
}
