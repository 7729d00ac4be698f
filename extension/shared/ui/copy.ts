import { t } from "../i18n";
import { toast } from "./toasts";

/** To the clipboard, and say `said`; where the browser gives none, as over plain http off loopback, how to copy it then. */
export async function copyText(text: string, said = t("ui_copied")): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast(said);
  } catch {
    toast(t("ui_copy_failed"));
  }
}
