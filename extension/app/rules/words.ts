import { language, moment, t } from "../../shared/i18n";
import type { Keyword } from "../../shared/types";
import type { Channel } from "../alerts/types";
import { dayName } from "../alerts/words";
import type { Member } from "../inbox/team";
import type { Changes, Do, If, RuleBody, When } from "./types";

/** Whoever and whatever rules name. */
export interface Names {
  members: Member[];
  keywords: Keyword[];
  channels: Channel[];
}

/** "When a mention arrives and it is a complaint, then assign it to Bob and set priority 5." */
export function sentence(body: RuleBody, names: Names): string {
  const when = whenWords(body.when);
  const conditions = ifWords(body.if, names);
  const wanted = conditions.length > 0 ? t("rules_say_if", { when, what: joined(conditions) }) : when;
  const then = doWords(body.then, names);
  const other = doWords(body.else, names);
  const first = then.length > 0 ? joined(then) : t("rules_say_nothing");
  const said = t("rules_say_then", { when: wanted, what: first });
  return other.length > 0 ? t("rules_say_else", { first: said, what: joined(other) }) : `${said}.`;
}

export function joined(parts: string[]): string {
  return new Intl.ListFormat(language(), { type: "conjunction" }).format(parts);
}

function whenWords({ event, hours }: When): string {
  if (event !== "waited") return t(`rules_say_${event}`);
  return t("rules_say_waited", { hours: hoursWords(hours ?? 0) });
}

function hoursWords(hours: number): string {
  const unit = hours % 24 === 0 && hours > 24 ? "day" : "hour";
  const n = unit === "day" ? hours / 24 : hours;
  return new Intl.NumberFormat(language(), { style: "unit", unit, unitDisplay: "long" }).format(n);
}

export function atHour(hour: number): string {
  return `${String(hour).padStart(2, "0")}:00`;
}

function ifWords(wanted: If, { keywords }: Names): string[] {
  const said: string[] = [];
  const keyword = keywords.find(({ id }) => id === wanted.keyword_id)?.name ?? "?";
  if (wanted.keyword_id) said.push(t("rules_say_keyword", { keyword }));
  if (wanted.query) said.push(t("rules_say_query", { query: wanted.query }));
  if (wanted.intents.length > 0) {
    const kinds = wanted.intents.map((intent) => t(`inbox_intent_${intent}`).toLowerCase());
    said.push(t("rules_say_intent", { kinds: either(kinds) }));
  }
  if (wanted.sentiment) said.push(t(`rules_say_${wanted.sentiment}`));
  if (wanted.authors.length > 0) said.push(t("rules_say_author", { names: either(wanted.authors) }));
  if (wanted.network) said.push(t("rules_say_network", { network: wanted.network }));
  if (wanted.about_us) said.push(t(`rules_say_about_${wanted.about_us}`));
  if (wanted.from_hour !== null && wanted.until_hour !== null) {
    said.push(t("rules_say_hours", { from: atHour(wanted.from_hour), until: atHour(wanted.until_hour) }));
  }
  if (wanted.weekdays.length > 0) said.push(t("rules_say_days", { days: either(wanted.weekdays.map(dayName)) }));
  if (wanted.more_than !== null) said.push(t("rules_say_more_than", { n: wanted.more_than }));
  return said;
}

function either(parts: string[]): string {
  return new Intl.ListFormat(language(), { type: "disjunction" }).format(parts);
}

export function doWords(does: Do, { members, channels }: Names): string[] {
  const said: string[] = [];
  const quoted = (tags: string[]) => joined(tags.map((tag) => t("rules_quoted", { words: tag })));
  const name = (list: { id: string; name: string }[], id: string) => list.find((one) => one.id === id)?.name ?? "?";
  if (does.tag.length > 0) said.push(t("rules_do_tag", { tags: quoted(does.tag) }));
  if (does.untag.length > 0) said.push(t("rules_do_untag", { tags: quoted(does.untag) }));
  if (does.assign) said.push(t("rules_do_assign", { name: name(members, does.assign) }));
  if (does.priority !== null) said.push(t("rules_do_priority", { n: does.priority }));
  if (does.done) said.push(t("rules_do_done"));
  if (does.spam) said.push(t("rules_do_spam"));
  if (does.snooze_hours !== null) said.push(t("rules_do_snooze", { hours: hoursWords(does.snooze_hours) }));
  if (does.snooze_until_hour !== null) said.push(t("rules_do_snooze_until", { at: atHour(does.snooze_until_hour) }));
  if (does.alert) said.push(t("rules_do_alert"));
  if (does.webhook) said.push(t("rules_do_webhook", { name: name(channels, does.webhook) }));
  return said;
}

/** "Tags: complaint · Status: done" */
export function changesWords(changes: Changes, names: Names): string {
  return Object.entries(changes)
    .map(([field, value]) => fieldWords(field, value, names))
    .filter(Boolean)
    .join(" · ");
}

function fieldWords(field: string, value: unknown, { members }: Names): string {
  if (field === "tags") return t("rules_now_tags", { tags: (value as string[]).join(", ") || t("rules_no_tags") });
  if (field === "status") return t("rules_now_status", { status: t(`inbox_status_${value}`) });
  if (field === "priority") return t("rules_now_priority", { n: Number(value) });
  if (field === "assignee_id") {
    const name = members.find(({ id }) => id === String(value))?.name;
    return t("rules_now_assignee", { name: name ?? t("rules_nobody") });
  }
  if (field === "snoozed_until" && value) return t("rules_now_snoozed", { at: moment(String(value)) });
  return "";
}
