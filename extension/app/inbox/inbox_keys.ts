/** The keys of the list. */
import { t } from "../../shared/i18n";
import type { Mention } from "../../shared/types";
import { useKeys } from "../../shared/ui";
import type { Deeds } from "./deeds";
import type { Selection } from "./selecting";

interface Given {
  selection: Selection;
  deeds: Deeds;
  answer: (mention: Mention) => void;
  open: (mention: Mention) => void;
  snooze: (mention: Mention) => void;
  assign: (mention: Mention) => void;
  pickAll: () => void;
  undo: () => void;
}

export function useInboxKeys({ selection, deeds, answer, open, snooze, assign, pickAll, undo }: Given): void {
  const { current } = selection;
  const on = (act: (mention: Mention) => void) => () => current && act(current);
  useKeys(
    [
      { key: "j", label: t("inbox_key_next"), run: () => selection.step(1) },
      { key: "ArrowDown", label: "", run: () => selection.step(1) },
      { key: "k", label: t("inbox_key_previous"), run: () => selection.step(-1) },
      { key: "ArrowUp", label: "", run: () => selection.step(-1) },
      { key: "↵", label: t("inbox_key_unfold"), run: selection.unfold },
      { key: "r", label: t("inbox_key_answer"), run: on(answer) },
      { key: "o", label: t("inbox_key_open"), run: on(open) },
      { key: "e", label: t("inbox_key_done"), run: on(deeds.done) },
      { key: "x", label: t("inbox_key_not_us"), run: on(deeds.notUs) },
      { key: "s", label: t("inbox_key_snooze"), run: on(snooze) },
      { key: "v", label: t("inbox_key_pick"), run: on(selection.pick) },
      { key: "Shift+V", label: t("inbox_key_pick_all"), run: pickAll },
      { key: "a", label: t("inbox_key_take"), run: on(deeds.take) },
      { key: "t", label: t("inbox_key_tag"), run: on(() => selection.edit("tags")) },
      { key: "n", label: t("inbox_key_note"), run: on(() => selection.edit("note")) },
      { key: "!", label: t("inbox_key_first"), run: on(deeds.first) },
      { key: "Shift+A", label: t("inbox_key_assign"), run: on(assign) },
      { key: "Shift+R", label: t("inbox_key_replied"), run: on((mention) => deeds.setStatus(mention, "replied")) },
      { key: "Shift+N", label: t("inbox_key_new"), run: on((mention) => deeds.setStatus(mention, "new")) },
      { key: "#", label: t("inbox_key_spam"), run: on((mention) => deeds.setStatus(mention, "spam")) },
      { key: "u", label: t("inbox_key_undo"), run: undo },
    ],
    [],
  );
}
