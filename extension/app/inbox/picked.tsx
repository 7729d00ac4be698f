/** Several mentions at once: what is picked, what can be done with it, and how far that is. */
import { X } from "lucide";
import { useRef, useState } from "preact/hooks";
import { number, plural, t } from "../../shared/i18n";
import { Button, IconButton, Menu, type MenuItem, useKeys } from "../../shared/ui";
import { type Acts, snoozeWords } from "./acts";
import { WhenDialog, WhoDialog } from "./choosing";
import type { Fields } from "./fields";
import { written } from "./stats";
import { type Member, takers } from "./team";

export type Picked = ReadonlySet<string> | "all";

interface PickedBarProps {
  picked: Picked;
  /** How many rows are shown, and how many match on the server (undefined: not known yet). */
  shown: number;
  total: number | undefined;
  /** There are more than `total`. */
  capped: boolean;
  members: Member[];
  /** The brand's. */
  zone: string;
  acts: Acts;
  onPick: (picked: Picked) => void;
  onDone: () => void;
}

/** Stands above the list while something is picked. */
export function PickedBar({ picked, shown, total, capped, members, zone, acts, onPick, onDone }: PickedBarProps) {
  const [progress, setProgress] = useState<number>();
  /** One after the other: a second one would be of rows that the first is changing. */
  const running = useRef(false);
  const all = picked === "all";
  const n = all ? (total ?? shown) : picked.size;
  const clear = () => onPick(new Set());
  const change = async (fields: Fields, say: (n: number) => string) => {
    if (running.current) return;
    running.current = true;
    setProgress(0);
    await acts.changeMany(all ? "all" : [...picked], fields, say, setProgress);
    running.current = false;
    setProgress(undefined);
    clear();
    onDone();
  };
  const done = () => change({ status: "done" }, (n) => plural("inbox_bulk_done", n));
  const notUs = () => change({ status: "done", about_us: "no" }, (n) => plural("inbox_bulk_not_us", n));
  const [asking, setAsking] = useState<"" | "when" | "who">("");
  useKeys(
    [
      { key: "Escape", label: t("inbox_key_unpick"), run: clear },
      { key: "e", label: t("inbox_key_done"), run: () => void done() },
      { key: "x", label: t("inbox_key_not_us"), run: () => void notUs() },
      { key: "s", label: t("inbox_key_snooze"), run: () => setAsking("when") },
      { key: "Shift+A", label: t("inbox_key_assign"), run: () => members.length > 0 && setAsking("who") },
    ],
    [],
  );
  const rest = !all && total !== undefined && total > picked.size;
  const more: MenuItem[] = [
    { label: t("inbox_mark_open"), run: () => void change({ status: "open" }, (n) => plural("inbox_bulk_open", n)) },
    {
      label: t("inbox_mark_new"),
      run: () => void change({ status: "new" }, (n) => plural("inbox_bulk_new", n)),
    },
    { label: t("inbox_snooze"), shortcut: "s", run: () => setAsking("when") },
    { label: t("inbox_mark_spam"), run: () => void change({ status: "spam" }, (n) => plural("inbox_bulk_spam", n)) },
    ...takers(members).map(({ id, name }, at) => ({
      label: t("inbox_assign_to", { name }),
      separated: at === 0,
      run: () => void change({ assignee_id: id }, () => t("inbox_said_assigned", { name })),
    })),
  ];
  return (
    <div class="inbox-picked" role="toolbar" aria-label={t("inbox_picked_acts")}>
      {asking === "when" && (
        <WhenDialog
          zone={zone}
          onChoose={(until) => void change({ snoozed_until: until.toISOString() }, () => snoozeWords(until, zone))}
          onClose={() => setAsking("")}
        />
      )}
      {asking === "who" && (
        <WhoDialog
          members={members}
          onChoose={(one) =>
            void change({ assignee_id: one?.id ?? null }, () =>
              one ? t("inbox_said_assigned", { name: one.name }) : t("inbox_said_unassigned"),
            )
          }
          onClose={() => setAsking("")}
        />
      )}
      {progress === undefined ? (
        <>
          <b>{plural("inbox_picked", n, { n: written(n, all && capped) })}</b>
          {rest && (
            <Button kind="ghost" onClick={() => onPick("all")}>
              {t("inbox_pick_all", { n: written(total, capped) })}
            </Button>
          )}
          <span class="grow" />
          <Button onClick={() => void done()}>{t("inbox_done")}</Button>
          <Button onClick={() => void notUs()}>{t("inbox_not_us")}</Button>
          <Menu label={t("inbox_more")} items={more} class="btn">
            {t("inbox_more")}
          </Menu>
          <IconButton icon={X} label={t("inbox_key_unpick")} onClick={clear} />
        </>
      ) : (
        <>
          <span role="status">{t("inbox_bulk_progress", { n: number(progress), of: written(n, all && capped) })}</span>
          <progress max={Math.max(n, 1)} value={progress} aria-label={t("inbox_picked_acts")} />
        </>
      )}
    </div>
  );
}
