/** What waits for the server and why, one line that opens: send it now, or take it back; and who shall win a clash. */
import { ChevronDown, ChevronUp, Clock } from "lucide";
import { useState } from "preact/hooks";
import type { ApiError } from "../../shared/api";
import { clock, errorText, moment, plural, t } from "../../shared/i18n";
import { Button, Icon, IconButton } from "../../shared/ui";
import { queuedWords } from "./acts";
import { type Member, wordsOf } from "./edit";
import { type Base, type Queued, waits } from "./queue";
import type { Fields, MentionStore } from "./store";
import { nameOf } from "./who";

/** More than these are counted only. */
const MOST_SHOWN = 50;

export function WaitingBar({ store, members }: { store: MentionStore; members: Member[] }) {
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const { items } = store.queue;
  const clashes = items.filter(({ theirs }) => theirs);
  const refused = items.filter((one) => one.refused);
  const waiting = items.filter(waits);
  if (items.length === 0) return null;
  const send = async () => {
    setBusy(true);
    await store.sendQueued();
    setBusy(false);
  };
  return (
    <section class="inbox-waiting" aria-label={t("inbox_waits_title")}>
      {waiting.length > 0 && (
        <div class="inbox-line-above">
          <Icon icon={Clock} />
          <span class="grow" role="status">
            {plural("inbox_waits", waiting.length, { at: clock(waiting[0]!.at) })}{" "}
            {store.waits_for && <span class="muted">{whyOf(store.waits_for)}</span>}
          </span>
          <Button busy={busy} onClick={() => void send()}>
            {t("inbox_waits_send")}
          </Button>
          <IconButton
            icon={open ? ChevronUp : ChevronDown}
            label={t("inbox_waits_show")}
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          />
        </div>
      )}
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
              <Button onClick={() => void store.drop(({ id }) => id === one.id)}>{t("inbox_waits_drop")}</Button>
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
                <Button kind="ghost" onClick={() => void store.drop(({ id }) => id === one.id)}>
                  {t("inbox_waits_drop")}
                </Button>
              </li>
            ))}
          {open && waiting.length > 1 && (
            <li>
              <span class="grow" />
              <Button kind="ghost" onClick={() => void store.drop(waits)}>
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
      <Button onClick={() => void store.drop(({ id }) => id === one.id)}>{t("inbox_clash_theirs")}</Button>
    </li>
  );
}

/** In few words where the screen says elsewhere that the server is away. */
const whyOf = (error: ApiError) => (error.status === 0 ? error.text : queuedWords(error));

/** A name may hold marks that turn the writing round: they end with the name. */
const isolated = (name: string) => `\u2068${name}\u2069`;

function wordsFor(fields: Fields, values: Base | Fields, members: Member[]): string {
  const names = Object.keys(fields) as (keyof Fields)[];
  return names.flatMap((name) => wordsOf(name, values[name], members)).join(", ") || t("inbox_log_something");
}
