/** Writing to the clipboard from a right-click: Chrome's worker has none and needs an offscreen page, Firefox can. */
import { api, inFirefox } from "../shared/browser";

const PAGE = "extension/build/offscreen/index.html";

let copying: Promise<unknown> = Promise.resolve();

/** False where the browser refused; the notice then offers *Copy*. One copy after the other: there is one page. */
export function copyText(text: string): Promise<boolean> {
  const copied = copying.then(() => copy(text));
  copying = copied;
  return copied;
}

async function copy(text: string): Promise<boolean> {
  try {
    if (inFirefox || !api.offscreen) {
      await navigator.clipboard.writeText(text);
      return true;
    }
    if (!(await api.offscreen.hasDocument())) {
      const justification = "Puts the short link you asked for into the clipboard.";
      await api.offscreen.createDocument({ url: PAGE, reasons: ["CLIPBOARD"], justification });
    }
    const copied = await api.runtime.sendMessage({ offscreen: "copy", text });
    await api.offscreen.closeDocument().catch(() => undefined);
    return copied === true;
  } catch {
    return false;
  }
}
