import { Bell, BellOff } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { inExtension } from "../../shared/browser";
import { t } from "../../shared/i18n";
import { type NoticesState, noticesState, switchNotices } from "../../shared/notices";
import { Button, Icon } from "../../shared/ui";

/** Whether this very browser shows notifications. Each browser decides for itself. */
export function ThisBrowser() {
  const [state, setState] = useState<NoticesState>();
  useEffect(() => {
    void noticesState().then(setState);
  }, []);
  if (!state) return null;
  return (
    <div class="row wrap alerts-browser">
      <Icon icon={state === "on" ? Bell : BellOff} />
      <p class="grow">{t(state === "on" && !inExtension ? "notices_on_tab" : `notices_${state}`)}</p>
      {(state === "on" || state === "off") && (
        <Button onClick={() => void switchNotices(state === "off").then(setState)}>
          {t(state === "on" ? "notices_switch_off" : "notices_switch_on")}
        </Button>
      )}
    </div>
  );
}
