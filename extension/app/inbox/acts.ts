/** What a person does with a mention: change it, say so, offer to undo it; and what happens when that fails. */
import { errorText, moment, t } from "../../shared/i18n";
import type { Mention } from "../../shared/types";
import { toast, undoable, undoLast } from "../../shared/ui";
import type { Fields, MentionStore } from "./store";
import { nameOf } from "./who";

export class Acts {
  private readonly done: { undo: () => void; dismiss: () => void }[] = [];

  constructor(private readonly store: MentionStore) {}

  /** Change `mention`, say `said`, and keep how to undo it. */
  async change(mention: Mention, fields: Fields, said: string): Promise<void> {
    const back = Object.fromEntries(
      Object.keys(fields).map((name) => [name, mention[name as keyof Fields] ?? null]),
    ) as Fields;
    const work = this.store.change(mention, fields);
    const act = { undo: () => {}, dismiss: () => {} };
    act.undo = () => {
      act.dismiss();
      this.done.splice(this.done.indexOf(act) >>> 0, 1);
      void work.then(({ outcome, now }) => {
        if (outcome === "saved" || outcome === "merged") void this.store.change(now, back).then(complain);
      });
    };
    this.done.push(act);
    act.dismiss = undoable(said, act.undo);
    const result = await work;
    if (result.outcome === "saved") return;
    if (result.outcome !== "merged") {
      act.dismiss();
      this.done.splice(this.done.indexOf(act) >>> 0, 1);
    }
    complain(result);
  }

  /** Take back the last change made here; else what the newest notice offers. */
  undo(): void {
    const last = this.done.pop();
    if (last) last.undo();
    else if (!undoLast()) toast(t("inbox_nothing_to_undo"));
  }
}

/** Say what became of a change that did not simply work. */
function complain(result: Awaited<ReturnType<MentionStore["change"]>>): void {
  const name = nameOf(result.now);
  if (result.outcome === "theirs") {
    toast(t("inbox_theirs", { name, status: t(`inbox_status_${result.now.status}`).toLowerCase() }));
  } else if (result.outcome === "merged") {
    toast(t("inbox_merged", { name }));
  } else if (result.outcome === "failed" && result.error) {
    toast(t("inbox_not_changed", { name, why: errorText(result.error.code, result.error.message) }));
  }
}

/** Tomorrow at nine, in the reader's own zone: what "later" means nine times in ten. */
export function tomorrowAtNine(now = new Date()): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, 9);
}

export function snoozeWords(until: Date): string {
  return t("inbox_snoozed_until", { at: moment(until) });
}
