/** Words and looks of all that is drawn from now on. */
import { addMessages, setLanguage } from "../../shared/i18n";
import type { PageKit } from "../../shared/messages";
import { setLooks } from "../toolbar/host";

export function dress({ language, words, css }: PageKit): void {
  addMessages({ [language]: words });
  setLanguage(language);
  setLooks(css);
}
