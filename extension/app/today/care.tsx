import { clock, moment, ownClock, plural, t } from "../../shared/i18n";
import type { RoundPage } from "../../shared/round";
import type { Brand, NetworkAccount, Source, Status } from "../../shared/types";
import { Button, Skeleton } from "../../shared/ui";
import type { Channel } from "../alerts/types";
import { said } from "../alerts/words";
import type { Post } from "../compose/types";
import type { PageProps } from "../page";
import { errorWords } from "../rules/rule_row";
import type { Rule } from "../rules/types";
import { Card } from "./card";

const WORKER_LATE_MS = 90_000;
const HOSTS_HERE = new Set(["127.0.0.1", "localhost", "[::1]"]);

interface CareProps {
  brand: Brand;
  status: Status | null;
  accounts: NetworkAccount[];
  sources: Source[];
  scheduled: Post[];
  attention: Post[];
  channels: Channel[];
  rules: Rule[];
  round: RoundPage[];
  /** Some of this was not read yet. */
  reading: boolean;
  /** Some of this could not be read: there may be more than is known here. */
  unread: boolean;
  onRetry: () => void;
  go: PageProps["go"];
}

interface Worry {
  key: string;
  text: string;
  more?: string;
  act?: { label: string; run: () => void };
}

/** What will go wrong unless somebody looks at it. Empty is good. */
export function NeedsCare(props: CareProps) {
  const { reading, unread, onRetry } = props;
  const worries = worriesOf(props);
  return (
    <Card title={t("today_care")} {...(worries.length > 0 && { said: String(worries.length) })}>
      {unread && (
        <p class="row wrap" role="alert">
          <span class="wrong">{t("today_unread")}</span>
          <Button onClick={onRetry}>{t("inbox_retry")}</Button>
        </p>
      )}
      {worries.length === 0 &&
        !unread &&
        (reading ? <Skeleton rows={2} /> : <p class="muted">{t("today_care_none")}</p>)}
      <ul>
        {worries.map((worry) => (
          <li key={worry.key} class="today-row">
            <div>
              {worry.text}
              {worry.more && <p>{worry.more}</p>}
            </div>
            <div class="today-side">{worry.act && <Button onClick={worry.act.run}>{worry.act.label}</Button>}</div>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function worriesOf({
  brand,
  status,
  accounts,
  sources,
  scheduled,
  attention,
  channels,
  rules,
  round,
  go,
}: CareProps): Worry[] {
  const worries: Worry[] = [];
  const held = attention.filter(({ deliveries }) => deliveries.some(({ state }) => state === "held"));
  if (held.length > 0) {
    worries.push({
      key: "held",
      text: plural("today_missed", held.length),
      more: t("today_missed_more"),
      act: { label: t("today_look"), run: () => go("compose", { tab: "attention" }) },
    });
  }
  if (status && (!status.worker_seen_at || Date.now() - Date.parse(status.worker_seen_at) > WORKER_LATE_MS)) {
    worries.push({ key: "worker", text: t("today_no_worker"), more: t("today_no_worker_more") });
  }
  for (const account of accounts.filter(({ state }) => state !== "ok")) {
    worries.push({
      key: `account ${account.id}`,
      text: t(`today_account_${account.state}`, { handle: account.handle }),
      more: account.last_error && t("settings_account_said", { words: account.last_error }),
      act: { label: t("today_account_act"), run: () => go("settings", { part: "accounts" }) },
    });
  }
  for (const channel of channels.filter(({ state }) => state === "failing")) {
    worries.push({
      key: `channel ${channel.id}`,
      text: t("today_channel_failing", { name: channel.name }),
      more: said(channel.error_code),
      act: { label: t("today_look"), run: () => go("alerts") },
    });
  }
  for (const rule of rules.filter(({ error }) => error)) {
    worries.push({
      key: `rule ${rule.id}`,
      text: t("today_rule_off", { name: rule.name }),
      more: errorWords(rule.error),
      act: { label: t("today_look"), run: () => go("rules") },
    });
  }
  for (const source of sources.filter(({ state }) => state === "asleep" || state === "gone").slice(0, 3)) {
    worries.push({
      key: `source ${source.id}`,
      text: t(`today_source_${source.state}`, { name: source.name }),
      more: source.next_poll_at ? t("today_next_try", { at: clock(source.next_poll_at, brand.time_zone) }) : "",
      act: {
        label: t("today_look"),
        run: () => (source.keyword_id ? go("listening") : go("sources", { id: source.id })),
      },
    });
  }
  const overdue = round.filter((page) => page.overdue);
  if (overdue.length > 0) {
    worries.push({
      key: "round",
      text: plural("today_round", overdue.length),
      more: t("today_round_more", { names: overdue.map(({ name }) => name).join(", ") }),
      act: { label: t("today_look"), run: () => go("listening", { show: "round" }) },
    });
  }
  const next = scheduled
    .map(({ scheduled_for }) => scheduled_for)
    .filter((at): at is string => Boolean(at))
    .sort()[0];
  if (next && isHere()) {
    const today = new Date(next).toDateString() === new Date().toDateString();
    const at = ownClock(next, brand.time_zone, today ? clock : moment);
    const text = t(today ? "today_awake" : "today_awake_day", { at });
    worries.push({ key: "awake", text });
  }
  return worries;
}

/** The server runs on the computer that is looked at, so it sleeps when that sleeps. */
function isHere(): boolean {
  return HOSTS_HERE.has(location.hostname) || !/^https?:$/.test(location.protocol);
}
