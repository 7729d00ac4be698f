/** A search that cannot be read: the wrong part marked, why, and how to mend it with one click. */
import { hasMessage, t } from "../../../shared/i18n";
import { Button } from "../../../shared/ui";
import { fixesOf } from "./fixes";
import { namesOf } from "./labels";
import type { Fault } from "./words";

export const FAULT_ID = "inbox-wrong";
const AROUND = 24;

interface FaultProps {
  text: string;
  fault: Fault;
  onMend: (text: string) => void;
  /** To the wrong part, in the field. */
  onGo: () => void;
}

export function FaultLine({ text, fault, onMend, onGo }: FaultProps) {
  const { start, end } = fault;
  const [before, bad, after] = [text.slice(0, start), text.slice(start, end), text.slice(end)];
  const fixes = fixesOf(text, fault, namesOf);
  return (
    <div class="find-fault">
      <p id={FAULT_ID} role="alert">
        {bad.trim() && (
          <button type="button" class="find-bad" onClick={onGo} title={t("find_go_wrong")}>
            {before.length > AROUND ? `…${before.slice(-AROUND)}` : before}
            <mark>{bad}</mark>
            {after.length > AROUND ? `${after.slice(0, AROUND)}…` : after}
          </button>
        )}{" "}
        <span>{sentenceOf(fault)}</span>
      </p>
      {fixes.length > 0 && (
        <div class="row wrap">
          {fixes.map((fix) => (
            <Button key={fix.text} onClick={() => onMend(fix.text)}>
              {t(fix.key, fix.params)}
            </Button>
          ))}
        </div>
      )}
    </div>
  );
}

/** In the reader's words. */
function sentenceOf({ key, params }: Fault): string {
  return hasMessage(key) ? t(key, params) : t("error_query_syntax");
}
