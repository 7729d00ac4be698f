import { ArrowUp, History, Pencil, Trash2 } from "lucide";
import { useState } from "preact/hooks";
import type { Client } from "../../shared/api";
import { hasMessage, t } from "../../shared/i18n";
import { Chip, Dialog, IconButton } from "../../shared/ui";
import { Log } from "./log";
import type { Rule } from "./types";
import { type Names, sentence } from "./words";

interface RuleRowProps {
  client: Client;
  rule: Rule;
  names: Names;
  editor: boolean;
  first: boolean;
  act: (work: () => Promise<unknown>, said?: string) => Promise<void>;
  onEdit: () => void;
  onRemove: () => void;
  onUp: () => void;
}

/** One rule as a sentence: on or off, and why it is off where it switched itself off. */
export function RuleRow({ client, rule, names, editor, first, act, onEdit, onRemove, onUp }: RuleRowProps) {
  const [log, setLog] = useState(false);
  const turn = () =>
    act(
      () => client.patch(`/rules/${rule.id}`, { enabled: !rule.enabled, version: rule.version }),
      t(rule.enabled ? "rules_is_off" : "rules_is_on"),
    );
  return (
    <li class="rules-row">
      <div class="grow">
        <p class="row">
          <b class="cut">{rule.name}</b>
          {!rule.enabled && <Chip tone={rule.error ? "bad" : "warn"}>{t("rules_off")}</Chip>}
        </p>
        <p class="small muted">{sentence(rule, names)}</p>
        {rule.error && <p class="small bad">{errorWords(rule.error)}</p>}
      </div>
      <span class="row">
        {editor && (
          <label class="row rules-switch">
            <input
              type="checkbox"
              checked={rule.enabled}
              aria-label={t("rules_switch", { name: rule.name })}
              onChange={() => void turn()}
            />
          </label>
        )}
        <IconButton icon={History} label={`${t("rules_log")}: ${rule.name}`} onClick={() => setLog(true)} />
        {editor && (
          <>
            {!first && <IconButton icon={ArrowUp} label={`${t("rules_up")}: ${rule.name}`} onClick={onUp} />}
            <IconButton icon={Pencil} label={`${t("listening_edit")}: ${rule.name}`} onClick={onEdit} />
            <IconButton icon={Trash2} label={`${t("listening_remove")}: ${rule.name}`} onClick={onRemove} />
          </>
        )}
      </span>
      {log && (
        <Dialog title={t("rules_log_of", { name: rule.name })} onClose={() => setLog(false)}>
          <Log client={client} rule={rule} names={names} editor={editor} act={act} />
        </Dialog>
      )}
    </li>
  );
}

/** Why a rule switched itself off. */
export function errorWords(code: string): string {
  return t(hasMessage(`rule_off_${code}`) ? `rule_off_${code}` : "rule_off_failed");
}
