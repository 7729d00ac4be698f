import { t } from "../../shared/i18n";
import { Select } from "../../shared/ui";
import { takers } from "../inbox/team";
import { ListInput, NumberInput } from "./inputs";
import type { Do } from "./types";
import { atHour, type Names } from "./words";

const HOURS = Array.from({ length: 24 }, (_, hour) => ({ value: String(hour), label: atHour(hour) }));

interface DoesProps {
  legend: string;
  branch: "then" | "else";
  does: Do;
  names: Names;
  wrong: (field: string) => string | undefined;
  onDoes: (does: Do) => void;
}

/** What a branch does, with one control for each thing it can do. */
export function Does({ legend, branch, does, names, wrong, onDoes }: DoesProps) {
  const set = (part: Partial<Do>) => onDoes({ ...does, ...part });
  const mended = (field: string) => wrong(`${branch}.${field}`);
  const hooks = names.channels.filter(({ kind }) => kind === "webhook");
  const state = does.done ? "done" : does.spam ? "spam" : "";
  const later = does.snooze_until_hour === null ? "" : String(does.snooze_until_hour);
  return (
    <fieldset>
      <legend>{legend}</legend>
      <div class="row wrap rules-pair">
        <ListInput label={t("rules_tag")} value={does.tag} wrong={mended("tag")} onList={(tag) => set({ tag })} />
        <ListInput
          label={t("rules_untag")}
          value={does.untag}
          wrong={mended("untag")}
          onList={(untag) => set({ untag })}
        />
        <Select
          label={t("rules_assign")}
          value={does.assign ?? ""}
          options={[
            { value: "", label: t("rules_leave") },
            ...takers(names.members, does.assign).map(({ id, name }) => ({ value: id, label: name })),
          ]}
          wrong={mended("assign")}
          onChoose={(id) => set({ assign: id || null })}
        />
        <Select
          label={t("rules_state")}
          value={state}
          options={[
            { value: "", label: t("rules_leave") },
            { value: "done", label: t("inbox_status_done") },
            { value: "spam", label: t("inbox_status_spam") },
          ]}
          onChoose={(value) => set({ done: value === "done", spam: value === "spam" })}
        />
        <NumberInput
          label={t("rules_priority")}
          value={does.priority}
          min={-9}
          max={9}
          wrong={mended("priority")}
          onNumber={(priority) => set({ priority })}
        />
        <Select
          label={t("rules_snooze_until")}
          value={later}
          options={[{ value: "", label: t("rules_leave") }, ...HOURS]}
          onChoose={(hour) => set({ snooze_until_hour: hour === "" ? null : Number(hour), snooze_hours: null })}
        />
        <NumberInput
          label={t("rules_snooze_hours")}
          value={does.snooze_hours}
          min={1}
          max={720}
          wrong={mended("snooze_hours")}
          onNumber={(hours) => set({ snooze_hours: hours, ...(hours !== null && { snooze_until_hour: null }) })}
        />
        {hooks.length > 0 && (
          <Select
            label={t("rules_webhook")}
            value={does.webhook ?? ""}
            options={[
              { value: "", label: t("rules_leave") },
              ...hooks.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            wrong={mended("webhook")}
            onChoose={(id) => set({ webhook: id || null })}
          />
        )}
      </div>
      <label class="row">
        <input type="checkbox" checked={does.alert} onChange={(event) => set({ alert: event.currentTarget.checked })} />
        <span>{t("rules_alert")}</span>
      </label>
      {wrong(branch) && (
        <p class="wrong" role="alert">
          {wrong(branch)}
        </p>
      )}
    </fieldset>
  );
}
