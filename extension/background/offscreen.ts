/** Chrome's offscreen page: it has a document, so it can copy. It never has the focus, hence `execCommand`. */
import { api } from "../shared/browser";

api.runtime.onMessage.addListener((message: { offscreen?: string; text?: string }, sender, answer) => {
  if (message?.offscreen !== "copy" || sender.id !== api.runtime.id || sender.tab) return undefined;
  const field = document.createElement("textarea");
  field.value = message.text ?? "";
  document.body.append(field);
  field.select();
  answer(document.execCommand("copy"));
  field.remove();
  return undefined;
});
