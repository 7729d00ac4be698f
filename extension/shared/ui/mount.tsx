import { type ComponentChild, render } from "preact";
import { inExtension } from "../browser";
import { browserLanguage, language, setLanguage } from "../i18n";
import { getLocal, kept } from "../storage";

/** Draw a page of ours into its #root, in the person's language. */
export async function mount(page: ComponentChild): Promise<void> {
  const chosen = inExtension ? await getLocal("language") : await kept<"en" | "fr">("language");
  document.documentElement.dataset.entregent = "";
  setLanguage(chosen || browserLanguage());
  document.documentElement.lang = language();
  const root = document.getElementById("root");
  if (root) render(page, root);
}
