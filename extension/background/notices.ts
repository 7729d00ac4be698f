/** Telling the person something where they are looking: on the page, else on the badge until the popup is opened. */
import { api } from "../shared/browser";
import { t } from "../shared/i18n";
import { showBadge } from "./changes";
import { pushToTab } from "./push";

/** A notice on one tab, with an optional text to copy. Needs our content script there, or the click's own access. */
export async function notifyTab(tabId: number | undefined, text: string, copy = ""): Promise<void> {
  if (tabId !== undefined) {
    if (await pushToTab(tabId, { push: "notice", text, copy })) return;
    try {
      await api.scripting.executeScript({
        target: { tabId },
        func: drawNotice,
        args: [text, copy, t("notice_copy"), t("notice_copied")],
      });
      return;
    } catch {
      // A page of the browser or of a store: nothing may run there.
    }
  }
  await notifyOnBadge();
}

/** A notice on the tab in front, if it has our content script; what was queued is in the popup in any case. */
export async function notifyAnywhere(text: string, copy = ""): Promise<void> {
  const [tab] = await api.tabs.query({ active: true, lastFocusedWindow: true });
  if (tab?.id === undefined || !(await pushToTab(tab.id, { push: "notice", text, copy }))) await notifyOnBadge();
}

async function notifyOnBadge(): Promise<void> {
  await api.action.setBadgeText({ text: "✓" });
  setTimeout(() => void showBadge(), 4000);
}

/** Runs in the page, alone: it must not use anything from outside itself. */
function drawNotice(text: string, copy: string, copyLabel: string, copiedLabel: string): void {
  document.querySelector("entregent-notice")?.remove();
  const host = document.createElement("entregent-notice");
  host.style.cssText = "all: initial; position: fixed; inset: auto 0 24px; z-index: 2147483647; pointer-events: none";
  const root = host.attachShadow({ mode: __TEST__ ? "open" : "closed" });
  const box = document.createElement("div");
  box.setAttribute("role", "status");
  box.style.cssText =
    "display: flex; align-items: center; gap: 12px; width: fit-content; max-width: min(560px, calc(100vw - 32px)); margin: 0 auto; padding: 8px 10px 8px 14px; border-radius: 10px; background: #1d2226; color: #faf8f4; font: 13px/1.45 system-ui, sans-serif; box-shadow: 0 8px 24px rgb(0 0 0 / .25); pointer-events: auto; overflow-wrap: anywhere";
  const words = document.createElement("span");
  words.textContent = text;
  box.append(words);
  if (copy) {
    const button = document.createElement("button");
    button.textContent = copyLabel;
    button.style.cssText =
      "all: unset; flex: none; padding: 4px 8px; border-radius: 6px; color: #8fded6; font: 600 13px/1.45 system-ui, sans-serif; cursor: pointer";
    button.addEventListener("focus", () => button.style.setProperty("outline", "2px solid #8fded6"));
    button.addEventListener("blur", () => button.style.removeProperty("outline"));
    button.addEventListener("click", () => {
      // Plain http pages have no clipboard API: copy from a field, in this click.
      const field = document.createElement("textarea");
      field.value = copy;
      root.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
      button.textContent = copiedLabel;
    });
    box.append(button);
  }
  root.append(box);
  document.documentElement.append(host);
  setTimeout(() => host.remove(), copy ? 12_000 : 5_000);
}
