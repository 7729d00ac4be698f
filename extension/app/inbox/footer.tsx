import { plural, t } from "../../shared/i18n";
import type { Status } from "../../shared/types";
import { Kbd } from "../../shared/ui";

/** How much is heard, and the keys. */
export function InboxFooter({ status, go }: { status: Status | undefined; go: (page: string) => void }) {
  const sources = status?.sources;
  const words =
    sources && sources.total > 0
      ? plural("inbox_places", sources.total) +
        (sources.asleep > 0 ? `, ${plural("inbox_asleep", sources.asleep)}` : "")
      : "";
  return (
    <footer class="inbox-footer">
      <button type="button" class="btn ghost cut" onClick={() => go("sources")}>
        {words || t("inbox_no_places")}
      </button>
      <span class="grow" />
      <span class="inbox-keys" aria-hidden="true">
        <Kbd>j</Kbd> <Kbd>k</Kbd> {t("inbox_move")} <Kbd>u</Kbd> {t("ui_undo").toLowerCase()} <Kbd>?</Kbd>
      </span>
    </footer>
  );
}
