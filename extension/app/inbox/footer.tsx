import { plural, t } from "../../shared/i18n";
import type { Status } from "../../shared/types";
import { Kbd } from "../../shared/ui";
import { JudgedLine } from "./find/judged";
import type { StatsAnswer } from "./stats";

interface FooterProps {
  status: Status | undefined;
  /** What the list holds. */
  here?: StatsAnswer | undefined;
  go: (page: string) => void;
}

/** How much is heard, how much of it was judged, and the keys. */
export function InboxFooter({ status, here, go }: FooterProps) {
  const sources = status?.sources;
  const words =
    sources && sources.total > 0
      ? plural("inbox_places", sources.total) +
        (sources.asleep > 0 ? `, ${plural("inbox_asleep", sources.asleep)}` : "")
      : "";
  const pages = status?.round?.pages ?? 0;
  const heard = [words || t("inbox_no_places"), pages > 0 && plural("inbox_round_pages", pages)].filter(Boolean);
  return (
    <footer class="inbox-footer">
      <button type="button" class="btn ghost cut" onClick={() => go("sources")}>
        {heard.join(", ")}
      </button>
      <span class="grow" />
      <JudgedLine here={here} />
      <span class="inbox-keys" aria-hidden="true">
        <Kbd>j</Kbd> <Kbd>k</Kbd> {t("inbox_move")} <Kbd>u</Kbd> {t("ui_undo").toLowerCase()} <Kbd>?</Kbd>
      </span>
    </footer>
  );
}
