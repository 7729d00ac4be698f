/** What the list is narrowed by, in the reader's words, each to be taken away; and the search to be kept. */
import { X } from "lucide";
import { t } from "../../../shared/i18n";
import { Icon } from "../../../shared/ui";
import type { Filter, Narrow } from "../filter";
import { endOfWeek } from "./facets";
import { dayCondition, dayName, languageLabel, stateName } from "./labels";
import { type Names, nameOfValue } from "./names";
import { type Part, readSearch, withoutParts } from "./words";

interface ChipsProps {
  filter: Filter;
  names: Names;
  onFilter: (next: Narrow) => void;
}

interface Chip {
  key: string;
  label: string;
  without: Narrow;
}

/** The chips alone; nothing where nothing narrows. */
export function Chips({ filter, names, onFilter }: ChipsProps) {
  const chips = chipsOf(filter, names);
  if (chips.length === 0) return null;
  return (
    <ul class="find-chips" aria-label={t("find_chips")}>
      {chips.map(({ key, label, without }) => (
        <li key={key}>
          <button
            type="button"
            class="chip accent"
            aria-label={t("find_chip_away", { what: label })}
            title={t("find_chip_away", { what: label })}
            onClick={() => onFilter(without)}
          >
            <span class="cut">{label}</span>
            <Icon icon={X} />
          </button>
        </li>
      ))}
    </ul>
  );
}

export function chipsOf(filter: Filter, names: Names): Chip[] {
  const chips: Chip[] = [];
  const { network, keyword_id, assignee, source_kind } = filter;
  const add = (key: string, label: string, without: Narrow) => chips.push({ key, label, without });
  const change = (key: string, label: string, to: Partial<Filter>) => add(key, label, (now) => ({ ...now, ...to }));
  const words = (key: string, label: string, gone: Part[]) =>
    add(key, label, (now) => ({ ...now, q: withoutParts(now.q, (part) => gone.some((one) => isSame(one, part))) }));
  if (network) change("network", nameOfValue("network", network, names), { network: "" });
  if (keyword_id) change("keyword", nameOfValue("keyword", keyword_id, names), { keyword_id: "" });
  if (assignee) change("assignee", nameOfValue("assignee", assignee, names), { assignee: "" });
  if (source_kind) change("source", nameOfValue("network", source_kind, names), { source_kind: "" });
  const { parts } = readSearch(filter.q);
  const week = weekOf(parts);
  if (week.length > 0) {
    words("week", t("find_week", { day: dayName(week[0]!.word!.text) }), week);
  }
  for (const part of parts) {
    const label = part.word?.field && !week.includes(part) ? labelOf(part) : "";
    if (!label) continue;
    words(`${part.start} ${label}`, part.negated ? t("find_not", { what: label }) : label, [part]);
  }
  return chips;
}

function isSame(one: Part, other: Part): boolean {
  return one.negated === other.negated && one.word?.field === other.word?.field && one.word?.text === other.word?.text;
}

/** `since:2026-11-16 until:2026-11-22` is one week. */
function weekOf(parts: Part[]): Part[] {
  const find = (field: string) => parts.find(({ word, negated }) => word?.field === field && !negated);
  const [since, until] = [find("since"), find("until")];
  const whole = since && until && /^\d{4}-\d\d-\d\d$/.test(since.word!.text);
  return whole && endOfWeek(since.word!.text) === until.word!.text ? [since, until] : [];
}

function labelOf({ word }: Part): string {
  const { field, text } = word!;
  if (field === "is") return stateName(text.toLowerCase().replaceAll("_", "-"));
  if (field === "lang") return languageLabel(text.toLowerCase());
  if (field === "tag") return `#${text}`;
  if (field === "since" || field === "until") return dayCondition(field, text);
  return t(`find_chip_${field}`, { text });
}
