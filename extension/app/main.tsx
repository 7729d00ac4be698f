import { inExtension } from "../shared/browser";
import { mount } from "../shared/ui";
import "../shared/words";
import { App } from "./app";
import { useStoredTheme } from "./shell/theme";
import "./app.css";

void useStoredTheme().then(() => mount(<App />));

// So that a phone opens the app without the network. The extension's tab has its files in any case; browsers take a
// service worker over https or from this machine only.
if (!inExtension && isSecureContext && "serviceWorker" in navigator) {
  void navigator.serviceWorker.register("offline_worker.js", { updateViaCache: "none" }).catch(() => undefined);
}
