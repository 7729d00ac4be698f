import { X } from "lucide";
import { number, t } from "../../../shared/i18n";
import { PURPOSES, type Source, type SourceKind } from "../../../shared/types";
import { IconButton } from "../../../shared/ui";
import { ANY, isWanted, type Wanted } from "./shown";

interface FiltersProps {
  sources: Source[];
  kinds: SourceKind[];
  wanted: Wanted;
  onWanted: (wanted: Wanted) => void;
}

const STATES = ["care", "ok", "quiet"];

/** By words, purpose, state and kind; each choice says how many it would show, and only what there is is offered. */
export function SourceFilters({ sources, kinds, wanted, onWanted }: FiltersProps) {
  const choice = (name: "purpose" | "state" | "kind", values: readonly string[], label: (value: string) => string) => {
    const counted = values
      .map((value) => ({
        value,
        count: sources.filter((one) => isWanted(one, { ...wanted, [name]: value })).length,
      }))
      .filter(({ value, count }) => count > 0 || value === wanted[name]);
    return (
      <select
        class="input"
        aria-label={t(`sources_by_${name}`)}
        value={wanted[name]}
        onChange={(event) => onWanted({ ...wanted, [name]: event.currentTarget.value })}
      >
        <option value="">{t(`sources_any_${name}`)}</option>
        {counted.map(({ value, count }) => (
          <option key={value} value={value} selected={value === wanted[name]}>
            {t("sources_counted", { name: label(value), n: number(count) })}
          </option>
        ))}
      </select>
    );
  };
  const there = [...new Set(sources.map(({ kind }) => kind))];
  const nameOf = (kind: string) => kinds.find((one) => one.kind === kind)?.name ?? kind;
  const asked = Object.values(wanted).some(Boolean);
  return (
    <search class="source-filters">
      <input
        type="search"
        class="input"
        aria-label={t("sources_by_words")}
        placeholder={t("sources_by_words")}
        value={wanted.words}
        onInput={(event) => onWanted({ ...wanted, words: event.currentTarget.value })}
      />
      {choice("purpose", PURPOSES, (purpose) => t(`purpose_${purpose}`))}
      {choice("state", STATES, (state) => t(`sources_state_${state}`))}
      {choice("kind", there, nameOf)}
      {asked && <IconButton icon={X} label={t("sources_show_all")} onClick={() => onWanted(ANY)} />}
    </search>
  );
}
