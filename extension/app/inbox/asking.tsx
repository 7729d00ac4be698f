/** The dialogs that a key or a menu of the list opens: until when to put a mention off, and who shall take it. */
import { t } from "../../shared/i18n";
import type { Mention } from "../../shared/types";
import { snoozeWords } from "./acts";
import { WhenDialog, WhoDialog } from "./choosing";
import type { Deeds } from "./deeds";
import type { Member } from "./team";

export interface Asked {
  what: "when" | "who";
  about: Mention;
}

interface AskingProps {
  asked: Asked;
  /** IANA, of the brand; "" = the browser's. */
  zone: string;
  members: Member[];
  change: Deeds["change"];
  onClose: () => void;
}

export function Asking({ asked: { what, about }, zone, members, change, onClose }: AskingProps) {
  if (what === "when")
    return (
      <WhenDialog
        zone={zone}
        onChoose={(until) => change(about, { snoozed_until: until.toISOString() }, snoozeWords(until, zone))}
        onClose={onClose}
      />
    );
  return (
    <WhoDialog
      members={members}
      onChoose={(one) =>
        change(
          about,
          { assignee_id: one?.id ?? null },
          one ? t("inbox_said_assigned", { name: one.name }) : t("inbox_said_unassigned"),
        )
      }
      onClose={onClose}
    />
  );
}
