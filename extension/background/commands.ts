/** Keyboard commands of the browser. */
import { api } from "../shared/browser";
import { pushToTab } from "./push";

export function answerCommands(): void {
  api.commands?.onCommand.addListener((command, tab) => {
    if (command === "reply" && tab?.id !== undefined) void pushToTab(tab.id, { push: "toolbar.focus" });
  });
}
