/** What one click or key does with a mention, in the words it is undone by. */
import { t } from "../../shared/i18n";
import type { Mention } from "../../shared/types";
import type { Fields } from "./fields";

export interface Deeds {
  change: (mention: Mention, fields: Fields, said: string) => void;
  setStatus: (mention: Mention, status: Mention["status"]) => void;
  /** Done, or back to open where it was done with. */
  done: (mention: Mention) => void;
  notUs: (mention: Mention) => void;
  /** It is about us after all. */
  ours: (mention: Mention) => void;
  /** First of all, or no more. */
  first: (mention: Mention) => void;
  /** Mine, or nobody's again. */
  take: (mention: Mention) => void;
}

interface Given {
  change: Deeds["change"];
  /** Id of the one who works here, "" = not known yet. */
  me: string;
  onNotUs: () => void;
}

export function deedsOf({ change, me, onNotUs }: Given): Deeds {
  const setStatus: Deeds["setStatus"] = (mention, status) => change(mention, { status }, t(`inbox_said_${status}`));
  return {
    change,
    setStatus,
    done: (mention) => setStatus(mention, ["done", "replied", "spam"].includes(mention.status) ? "open" : "done"),
    notUs: (mention) => {
      change(mention, { about_us: "no", status: "done" }, t("inbox_said_not_us"));
      onNotUs();
    },
    ours: (mention) =>
      change(
        mention,
        { about_us: "yes", ...(mention.status === "spam" && { status: "open" as const }) },
        t("inbox_said_us"),
      ),
    first: (mention) =>
      change(
        mention,
        { priority: mention.priority > 0 ? 0 : 1 },
        t(mention.priority > 0 ? "inbox_said_not_first" : "inbox_said_first"),
      ),
    take: (mention) => {
      if (!me) return;
      const back = mention.assignee_id === me;
      change(mention, { assignee_id: back ? null : me }, t(back ? "inbox_said_unassigned" : "inbox_said_taken"));
    },
  };
}
