import { CheckCheck, ChevronDown, ChevronUp, CircleAlert, Clock, Copy, Unplug, X } from "lucide";
import { useState } from "preact/hooks";
import { errorText, plural, t } from "../shared/i18n";
import type { ExtensionState, Queued } from "../shared/messages";
import { send } from "../shared/send";
import { Button, Icon, IconButton, toast } from "../shared/ui";

/** Whether the line of this file says that the server is away; the list says it too, so beside it only with what waits. */
export const saysAway = (state: ExtensionState, list_here: boolean): boolean =>
  !state.reachable && (!list_here || state.queue.some((one) => one.state === "waiting"));

/** The server is away, or things that waited for it were done: in words, with what waits one click away. */
export function Away({ state, here }: { state: ExtensionState; here: boolean }) {
  const [open, setOpen] = useState(false);
  const waiting = state.queue.filter(({ state: s }) => s === "waiting");
  const settled = state.queue.filter(({ state: s }) => s !== "waiting");
  const away = saysAway(state, here);
  const others = state.queue_of_others;
  if (!away && state.queue.length === 0) return others > 0 ? <OfOthers n={others} /> : null;
  const words = away
    ? waiting.length > 0
      ? plural("popup_away_waiting", waiting.length)
      : t("popup_away")
    : waiting.length > 0
      ? plural("popup_waiting", waiting.length)
      : plural("popup_settled", settled.length);
  return (
    <>
      {others > 0 && <OfOthers n={others} />}
      <div class={`line ${away ? "warn" : ""}`} role="status">
        <Icon icon={away ? Unplug : CheckCheck} />
        <span class="grow">{words}</span>
        {away && <Button onClick={() => void send("queue.flush", {})}>{t("popup_retry")}</Button>}
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

/** Asked for by somebody who used this browser before, or of another server. */
const OfOthers = ({ n }: { n: number }) => (
  <div class="line">
    <Icon icon={Clock} />
    <span class="grow">{plural("popup_waiting_of_others", n)}</span>
  </div>
);

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
