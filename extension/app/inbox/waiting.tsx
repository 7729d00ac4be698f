/**
 * The one line about the server: that it is away, of when what is shown is, what waits for it and why. It opens: send it
 * now, or take it back; and who shall win a clash.
 */
import { ChevronDown, ChevronUp, Clock, Unplug } from "lucide";
import { useState } from "preact/hooks";
import type { ApiError } from "../../shared/api";
import { inExtension } from "../../shared/browser";
import { clock, errorText, moment, plural, t } from "../../shared/i18n";
import { ANOTHER_PERSON } from "../../shared/person";
import { Button, FinalButton, Icon, IconButton } from "../../shared/ui";
import { wordsOf } from "./edit";
import type { Fields } from "./fields";
import { type Base, canWait, type Queued, waits } from "./queue";
import type { MentionStore } from "./store";
import type { Member } from "./team";
import { nameOf } from "./who";

/** More than these are counted only. */
const MOST_SHOWN = 50;

interface WaitingProps {
  store: MentionStore;
  members: Member[];
  /** Something else on this screen says that the server is away. */
  said_above: boolean;
  /** Read again what is shown. */
  onRetry: () => Promise<void>;
}

export function WaitingBar({ store, members, said_above, onRetry }: WaitingProps) {
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const { rows, reading, changes } = store;
  const { items, others } = changes.queue;
  const clashes = items.filter(({ theirs }) => theirs);
  const refused = items.filter((one) => one.refused);
  const waiting = items.filter(waits);
  // Where there is no row, the empty list says it (nothing.tsx).
  const away = rows.items.length > 0 && reading.error?.status !== 422 ? reading.error : undefined;
  if (items.length + others.length === 0 && !away) return null;
  const again = async () => {
    setBusy(true);
    await changes.sendQueued();
    if (away) await onRetry();
    setBusy(false);
  };
  const why = away && !canWait(away) ? away : (changes.waits_for ?? away);
  const silent = why?.status === 0;
  const as_of = reading.stale_at ? t("inbox_as_of", { at: clock(reading.stale_at) }) : "";
  const said = [
    silent && !said_above && t("inbox_no_answer"),
    as_of,
    waiting.length > 0 && plural("inbox_waits", waiting.length, { at: clock(waiting[0]!.at) }),
    // The app says above all its pages that somebody else is here.
    why && !silent && why.code !== ANOTHER_PERSON && whyOf(why),
    silent && waiting.length === 0 && t("inbox_kept_here"),
  ].filter(Boolean);
  return (
    <section class="inbox-waiting" aria-label={t("inbox_waits_title")}>
      {(waiting.length > 0 || away) && (
        <div class="inbox-line-above">
          <Icon icon={away ? Unplug : Clock} />
          <span class="grow" role="status">
            {said.join(" ")}
          </span>
          <Button busy={busy} onClick={() => void again()}>
            {t(waiting.length > 0 ? "inbox_waits_send" : "inbox_retry")}
          </Button>
          {waiting.length > 0 && (
            <IconButton
              icon={open ? ChevronUp : ChevronDown}
              label={t("inbox_waits_show")}
              aria-expanded={open}
              onClick={() => setOpen(!open)}
            />
          )}
        </div>
      )}
      {others.map(({ member_id, n }) => (
        <div class="inbox-line-above" key={member_id}>
          <Icon icon={Clock} />
          <span class="grow">
            {plural("inbox_waits_of", n, {
              name: isolated(members.find(({ id }) => id === member_id)?.name ?? t("inbox_somebody")),
            })}
          </span>
          <FinalButton question={t("inbox_waits_of_sure")} onSure={() => void changes.queue.dropOf(member_id)}>
            {t("inbox_waits_drop")}
          </FinalButton>
        </div>
      ))}
      {(open || clashes.length + refused.length > 0) && (
        <ul>
          {clashes.slice(0, MOST_SHOWN).map((one) => (
            <Clash key={one.id} one={one} members={members} store={store} />
          ))}
          {refused.slice(0, MOST_SHOWN).map((one) => (
            <li key={one.id} class="clash">
              <span class="grow">
                {t("inbox_waits_refused", {
                  name: isolated(nameOf(one.before)),
                  mine: wordsFor(one.fields, one.fields, members),
                  why: errorText(one.refused!.code, one.refused!.message),
                })}
              </span>
              <Button onClick={() => void changes.drop(({ id }) => id === one.id)}>{t("inbox_waits_drop")}</Button>
            </li>
          ))}
          {open &&
            waiting.slice(0, MOST_SHOWN).map((one) => (
              <li key={one.id}>
                <span class="grow">
                  <bdi>{nameOf(one.before)}</bdi>: {wordsFor(one.fields, one.fields, members)}{" "}
                  <time class="muted small" dateTime={one.at}>
                    {moment(one.at)}
                  </time>
                </span>
                <Button kind="ghost" onClick={() => void changes.drop(({ id }) => id === one.id)}>
                  {t("inbox_waits_drop")}
                </Button>
              </li>
            ))}
          {open && waiting.length > 1 && (
            <li>
              <span class="grow" />
              <Button kind="ghost" onClick={() => void changes.drop(waits)}>
                {t("inbox_waits_drop_all")}
              </Button>
            </li>
          )}
        </ul>
      )}
    </section>
  );
}

/** Two people set the same while one of them was away: both are shown, a person chooses. */
function Clash({ one, members, store }: { one: Queued; members: Member[]; store: MentionStore }) {
  const mine = wordsFor(one.fields, one.fields, members);
  const theirs = wordsFor(one.fields, one.theirs!, members);
  return (
    <li class="clash">
      <span class="grow">
        {t("inbox_clash", { name: isolated(nameOf(one.before)), mine, theirs, at: clock(one.at) })}
      </span>
      <Button onClick={() => void store.insist(one)}>{t("inbox_clash_mine")}</Button>
      <Button onClick={() => void store.changes.drop(({ id }) => id === one.id)}>{t("inbox_clash_theirs")}</Button>
    </li>
  );
}

/** Why a change waits, and until when. */
function whyOf(error: ApiError): string {
  if (!canWait(error)) return error.text;
  if (error.status === 401) return t(inExtension ? "inbox_queued_unpaired" : "inbox_queued_login");
  return t("inbox_queued_busy", { why: error.text });
}

/** A name may hold marks that turn the writing round: they end with the name. */
const isolated = (name: string) => `\u2068${name}\u2069`;

function wordsFor(fields: Fields, values: Base | Fields, members: Member[]): string {
  const names = Object.keys(fields) as (keyof Fields)[];
  return names.flatMap((name) => wordsOf(name, values[name], members)).join(", ") || t("inbox_log_something");
}
