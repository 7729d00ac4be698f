/**
 * Notifications of this browser: switched on by the person, here, and asked for only then. The extension shows them from
 * its background; where there is none, an open tab of the app does.
 */
import { api, inExtension } from "./browser";
import { getLocal, keep, kept, setLocal } from "./storage";

export type NoticesState = "on" | "off" | "refused" | "impossible";

const WANTED = "notices";

export async function noticesState(): Promise<NoticesState> {
  if (inExtension) {
    const granted = await api.permissions.contains({ permissions: ["notifications"] });
    return granted && (await getLocal("notices")) ? "on" : "off";
  }
  if (typeof Notification === "undefined" || !isSecureContext) return "impossible";
  if (Notification.permission === "denied") return "refused";
  return Notification.permission === "granted" && (await kept<boolean>(WANTED)) ? "on" : "off";
}

/** Call it in the click itself: browsers ask the person only then. */
export async function switchNotices(on: boolean): Promise<NoticesState> {
  if (inExtension) {
    const granted = on && (await api.permissions.request({ permissions: ["notifications"] }));
    await setLocal({ notices: granted });
    return on && !granted ? "refused" : noticesState();
  }
  if (on && typeof Notification !== "undefined") await Notification.requestPermission();
  await keep(WANTED, on);
  return noticesState();
}
