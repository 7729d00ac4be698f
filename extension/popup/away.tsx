import { CheckCheck, ChevronDown, ChevronUp, CircleAlert, Clock, Copy, Unplug, X } from "lucide";
import { useState } from "preact/hooks";
import { errorText, plural, t } from "../shared/i18n";
import type { ExtensionState, Queued } from "../shared/messages";
import { send } from "../shared/send";
import { Button, Icon, IconButton, toast } from "../shared/ui";

/** The server is away, or things that waited for it were done: in words, with what waits one click away. */
export function Away({ state }: { state: ExtensionState }) {
  const [open, setOpen] = useState(false);
  const waiting = state.queue.filter(({ state: s }) => s === "waiting");
  const settled = state.queue.filter(({ state: s }) => s !== "waiting");
  if (state.reachable && state.queue.length === 0) return null;
  const words = !state.reachable
    ? waiting.length > 0
      ? plural("popup_away_waiting", waiting.length)
      : t("popup_away")
    : waiting.length > 0
      ? plural("popup_waiting", waiting.length)
      : plural("popup_settled", settled.length);
  return (
    <>
      <div class={`line ${state.reachable ? "" : "warn"}`} role="status">
        <Icon icon={state.reachable ? CheckCheck : Unplug} />
        <span class="grow">{words}</span>
        {!state.reachable && <Button onClick={() => void send("queue.flush", {})}>{t("popup_retry")}</Button>}
        {state.queue.length > 0 && (
          <IconButton
            icon={open ? ChevronUp : ChevronDown}
            label={t("popup_queue")}
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          />
        )}
      </div>
      {open && (
        <ul class="waiting" aria-label={t("popup_queue")}>
          {[...settled, ...waiting].map((item) => (
            <Row key={item.id} item={item} />
          ))}
        </ul>
      )}
    </>
  );
}

const ICONS = { waiting: Clock, done: CheckCheck, failed: CircleAlert };

function Row({ item }: { item: Queued }) {
  const copy = async () => {
    await navigator.clipboard.writeText(item.copy);
    toast(t("notice_copied"));
  };
  return (
    <li>
      <Icon icon={ICONS[item.state]} />
      <div class="grow">
        <div class="cut">{t(`popup_task_${item.task.replace(".", "_")}`)}</div>
        <div class="cut muted small" title={item.about}>
          {item.state === "failed" ? errorText(item.error) : item.copy || item.about}
        </div>
      </div>
      {item.copy && <IconButton icon={Copy} label={t("notice_copy")} onClick={() => void copy()} />}
      <IconButton icon={X} label={t("popup_drop")} onClick={() => void send("queue.drop", { id: item.id })} />
    </li>
  );
}
