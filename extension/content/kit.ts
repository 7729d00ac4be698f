/** What this script needs besides code, asked of the background once for each page. */
import { addMessages, setLanguage } from "../shared/i18n";
import type { PageKit } from "../shared/messages";
import { send } from "../shared/send";
import { host } from "./frame";

let spoken = "";

/** Rejects with SendError; then nothing can be drawn here. */
export async function fetchKit(): Promise<PageKit> {
  const kit = await send("page.kit", { host });
  addMessages({ [kit.language]: kit.words });
  setLanguage(kit.language);
  spoken = kit.language;
  return kit;
}

/** The person chose another language: its words, before anything is drawn in it. */
export async function speak(language: PageKit["language"]): Promise<void> {
  if (language !== spoken) await fetchKit();
}
