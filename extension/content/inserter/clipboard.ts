/** Text into the clipboard, in the click that asks for it. */
import { make } from "../toolbar/dom";

/** True when it is there. Pages may forbid the modern way; the old one needs a text field for a moment. */
export async function copyText(text: string, near: Element): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const box = make("textarea", { style: "position:fixed;opacity:0", "aria-hidden": "true" });
    box.value = text;
    near.append(box);
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    return done;
  }
}
