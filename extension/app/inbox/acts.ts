/** What a person does with mentions: change them, say so, offer to undo it; and what happens when that fails. */
import type { ApiError } from "../../shared/api";
import { errorText, moment, plural, t } from "../../shared/i18n";
import type { Mention } from "../../shared/types";
import { toast, undoable, undoLast } from "../../shared/ui";
import { asApiError, type Fields, type MentionStore, type Result } from "./store";
import { nameOf } from "./who";

interface Act {
  undo: () => void;
  dismiss: () => void;
}

export class Acts {
  private readonly done: Act[] = [];

  constructor(private readonly store: MentionStore) {}

  /** Change `mention`, say `said`, and keep how to undo it. */
  async change(mention: Mention, fields: Fields, said: string): Promise<void> {
    const id = crypto.randomUUID();
    const work = this.store.change(mention, fields, id);
    const act = this.keep(said, async () => {
      const { outcome } = await work;
      if (outcome === "failed" || outcome === "theirs") return;
      await this.takeBack(id, [mention.id]);
    });
    const result = await work;
    if (result.outcome === "failed" || result.outcome === "theirs") this.forget(act);
    complain(result);
  }

  /** The same to many; `ids` "all" = whatever the list would show. Raises nothing: what fails is said. */
  async changeMany(
    ids: string[] | "all",
    fields: Fields,
    say: (n: number) => string,
    onProgress: (n: number) => void,
  ): Promise<void> {
    const id = crypto.randomUUID();
    let changed = 0;
    let wrong: ApiError | undefined;
    try {
      await this.store.changeMany(ids, fields, id, (n) => {
        changed = n;
        onProgress(n);
      });
    } catch (error) {
      wrong = asApiError(error);
    }
    if (changed > 0) this.keep(say(changed), () => this.takeBack(id, ids === "all" ? [] : ids));
    if (wrong) toast(plural("inbox_bulk_stopped", changed, { why: errorText(wrong.code, wrong.message) }));
  }

  /** Take back the last change made here; else what the newest notice offers. */
  undo(): void {
    const last = this.done.pop();
    if (last) last.undo();
    else if (!undoLast()) toast(t("inbox_nothing_to_undo"));
  }

  private keep(said: string, undo: () => Promise<void>): Act {
    const act: Act = { undo: () => {}, dismiss: () => {} };
    act.undo = () => {
      this.forget(act);
      void undo();
    };
    this.done.push(act);
    act.dismiss = undoable(said, act.undo);
    return act;
  }

  private forget(act: Act): void {
    act.dismiss();
    const at = this.done.indexOf(act);
    if (at >= 0) this.done.splice(at, 1);
  }

  private async takeBack(id: string, mention_ids: string[]): Promise<void> {
    try {
      const kept = await this.store.undo(id, mention_ids);
      if (kept.length > 0) toast(plural("inbox_undo_kept", kept.length, { name: nameOf(kept[0]!) }));
      if (mention_ids.length !== 1) await this.store.refresh();
    } catch (error) {
      const { code, message } = asApiError(error);
      toast(t("inbox_not_undone", { why: errorText(code, message) }));
    }
  }
}

/** Say what became of a change that did not simply work. */
export function complain(result: Result): void {
  const name = nameOf(result.now);
  if (result.outcome === "theirs") {
    toast(t("inbox_theirs", { name, status: t(`inbox_status_${result.now.status}`).toLowerCase() }));
  } else if (result.outcome === "merged") {
    toast(t("inbox_merged", { name }));
  } else if (result.outcome === "queued") {
    toast(t("inbox_queued"));
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
