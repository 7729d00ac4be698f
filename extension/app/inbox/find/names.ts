/** The names of what a list can be narrowed by. */
import { t } from "../../../shared/i18n";
import type { Keyword } from "../../../shared/types";
import { networkName } from "../who";
import { type Facet, NOBODY } from "./facets";
import { dayName, languageLabel, stateName } from "./labels";

export interface Names {
  keywords: Pick<Keyword, "id" | "name">[];
  members: { id: string; name: string }[];
  /** The member who looks; "" = nobody of the team. */
  me: string;
}

export function nameOfValue(facet: Facet, key: string, { keywords, members, me }: Names): string {
  switch (facet) {
    case "network":
      return networkName(key);
    case "keyword":
      return keywords.find(({ id }) => id === key)?.name ?? t("find_keyword_gone");
    case "assignee":
      if (key === NOBODY) return t("inbox_nobody");
      if (key === me) return t("find_me");
      return members.find(({ id }) => id === key)?.name ?? t("find_member_gone");
    case "language":
      return languageLabel(key);
    case "intent":
    case "sentiment":
      return stateName(key);
    case "week":
      return t("find_week", { day: dayName(key) });
    default:
      return key;
  }
}
