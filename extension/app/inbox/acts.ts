/** What a person does with mentions: change them, say so, offer to undo it; and what happens when that fails. */
import { errorText, moment, plural, t } from "../../shared/i18n";
import { newId } from "../../shared/random";
import type { Mention } from "../../shared/types";
import { toast, undoable, undoLast } from "../../shared/ui";
import type { Result } from "./changing";
import type { Fields } from "./fields";
import { canWait } from "./queue";
import { asApiError } from "./sending";
import type { MentionStore } from "./store";
import { nameOf } from "./who";

interface Act {
  undo: () => void;
  dismiss: () => void;
}

export class Acts {
  private readonly done: Act[] = [];
  /** A mention is again as it was before what a person did to it. */
  onBack: (id: string) => void = () => undefined;

  constructor(private readonly store: MentionStore) {}

  /** Change `mention`, say `said`, and keep how to undo it. */
  async change(mention: Mention, fields: Fields, said: string): Promise<void> {
    const id = newId();
    const work = this.store.changes.change(mention, fields, id);
    const act = this.keep(said, async () => {
      const { outcome } = await work;
      if (outcome === "failed" || outcome === "theirs") return;
      await this.takeBack(id, [mention.id]);
      this.onBack(mention.id);
    });
    const result = await work;
    if (result.outcome === "failed" || result.outcome === "theirs") this.forget(act);
    // Theirs stands until somebody who has seen both says otherwise.
    complain(result, () => void this.change({ ...mention, ...result.now }, fields, said));
  }

  /** The same to many; `ids` "all" = whatever the list would show. Raises nothing: what fails is said. */
  async changeMany(
    ids: string[] | "all",
    fields: Fields,
    say: (n: number) => string,
    onProgress: (n: number) => void,
  ): Promise<void> {
    const id = newId();
    const { changed, queued, left, named, error } = await this.store.changeMany(ids, fields, id, onProgress);
    if (changed + queued > 0) this.keep(say(changed + queued), () => this.takeBack(id, named));
    if (queued > 0 && left > 0) toast(plural("inbox_bulk_left", left));
    if (!error || queued > 0) return; // what waits, and why, stands above the list
    if (ids === "all" && canWait(error)) toast(t("inbox_bulk_not_away", { why: error.text }));
    else toast(plural("inbox_bulk_stopped", changed, { why: errorText(error.code, error.message) }));
  }

  /** Take back what the newest notice offers to undo; else the last change made here, whose notice is gone by now. */
  undo(): void {
    if (undoLast()) return;
    const last = this.done.pop();
    if (last) last.undo();
    else toast(t("inbox_nothing_to_undo"));
  }

  /** Take back one entry of a mention's log, in this mention only; raises nothing. */
  async undoLogged(act: string, mention: Mention): Promise<void> {
    await this.takeBack(act, [mention.id], true);
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

  private async takeBack(id: string, mention_ids: string[], in_these_only = false): Promise<void> {
    try {
      const kept = await this.store.changes.undo(id, mention_ids, in_these_only);
      if (kept.length > 0) toast(plural("inbox_undo_kept", kept.length, { name: nameOf(kept[0]!) }));
      if (mention_ids.length !== 1) await this.store.reading.refresh();
    } catch (error) {
      const { code, message } = asApiError(error);
      toast(t("inbox_not_undone", { why: errorText(code, message) }));
    }
  }
}

/** Say what became of a change that did not simply work; of what waits for the server a line above the list tells. */
export function complain(result: Result, insist?: () => void): void {
  const name = nameOf(result.now);
  if (result.outcome === "theirs") {
    const words = t("inbox_theirs", { name, status: t(`inbox_status_${result.now.status}`).toLowerCase() });
    toast(words, insist && { label: t("inbox_mine_anyway"), run: insist });
  } else if (result.outcome === "merged") {
    toast(t("inbox_merged", { name }));
  } else if (result.outcome === "failed" && result.error) {
    toast(t("inbox_not_changed", { name, why: errorText(result.error.code, result.error.message) }));
  }
}

/** `zone`: where it was chosen in. */
export function snoozeWords(until: Date, zone: string): string {
  return t("inbox_snoozed_until", { at: moment(until, zone) });
}
