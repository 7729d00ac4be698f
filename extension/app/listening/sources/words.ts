/** What a source gives and since when it does not, in words. */
import { date, number, plural, t } from "../../../shared/i18n";

/** "5 a week"; "" before the first poll. */
export function weekWords(items_per_week: number | null): string {
  if (items_per_week === null) return "";
  if (items_per_week === 0) return t("sources_none_lately");
  if (items_per_week < 1) return t("sources_less_weekly");
  const n = Math.round(items_per_week);
  return plural("sources_weekly", n, { n: number(n) });
}

/** "No answer since 28 November"; where it never gave one, that. */
export function silenceWords(answered_on: string | null): string {
  return answered_on === null ? t("sources_never") : t("sources_since", { day: date(`${answered_on}T12:00:00Z`) });
}
