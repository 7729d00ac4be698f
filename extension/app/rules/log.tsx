import type { Client } from "../../shared/api";
import { ago, t } from "../../shared/i18n";
import type { Page } from "../../shared/types";
import { Button, Empty, FinalButton, Skeleton, toast, useLoad } from "../../shared/ui";
import { Unread } from "../unread";
import type { Rule, Run } from "./types";
import { changesWords, type Names } from "./words";

interface LogProps {
  client: Client;
  rule: Rule;
  names: Names;
  editor: boolean;
  act: (work: () => Promise<unknown>, said?: string) => Promise<void>;
}

const SHOWN = 50;
const DAY_MS = 86_400_000;

/** What one rule did, newest first; each taken back by itself, or all of the last day. */
export function Log({ client, rule, names, editor, act }: LogProps) {
  const runs = useLoad(
    async () => (await client.get<Page<Run>>("/rules/runs", { rule_id: rule.id, limit: SHOWN })).items,
    [client, rule.id],
  );
  const undo = (run: Run) =>
    act(async () => {
      await client.post(`/rules/runs/${run.id}/undo`);
      runs.reload();
    });
  const undoDay = () =>
    act(async () => {
      const since = new Date(Date.now() - DAY_MS).toISOString();
      let undone = 0;
      let more = true;
      while (more) {
        const back = await client.post<{ undone: number; more: boolean }>(`/rules/${rule.id}/undo`, { since });
        undone += back.undone;
        more = back.more;
      }
      toast(t("rules_undone_all", { n: undone }));
      runs.reload();
    });
  if (!runs.value) return runs.error ? <Unread error={runs.error} onRetry={runs.reload} /> : <Skeleton rows={3} />;
  if (runs.value.length === 0) {
    return (
      <Empty title={t("rules_log_none")}>
        <p>{t("rules_log_none_text")}</p>
      </Empty>
    );
  }
  return (
    <div class="stack">
      <ul class="rules-log">
        {runs.value.map((run) => (
          <li key={run.id} class="rules-row">
            <div class="grow">
              <p class="cut">{run.mention?.title || run.mention?.text || t("rules_mention_gone")}</p>
              <p class="small muted">
                {[ago(run.at), changesWords(run.after, names), run.said && t("rules_said"), undoneWords(run)]
                  .filter(Boolean)
                  .join(" · ")}
              </p>
            </div>
            {run.undoable && <Button onClick={() => void undo(run)}>{t("ui_undo")}</Button>}
          </li>
        ))}
      </ul>
      {editor && runs.value.some(({ undoable }) => undoable) && (
        <div class="row">
          <FinalButton question={t("rules_undo_day_sure")} onSure={() => void undoDay()}>
            {t("rules_undo_day")}
          </FinalButton>
        </div>
      )}
    </div>
  );
}

function undoneWords(run: Run): string {
  if (!run.undone_at) return "";
  return t(run.kept ? "rules_undone_kept" : "rules_undone", { who: run.undone_by });
}
