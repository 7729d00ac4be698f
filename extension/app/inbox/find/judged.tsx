/** How many there are, how many of them were judged, and by whom: so that no share is read as of all. */
import { plural, t } from "../../../shared/i18n";
import { type StatsAnswer, written } from "../stats";

export function JudgedLine({ here }: { here: StatsAnswer | undefined }) {
  if (!here || here.total === 0) return null;
  const { sentiment_judged: mood, intent_judged: wish } = here;
  const all = plural("find_total", here.total, { written: written(here.total, here.capped) });
  if (!mood || !wish) return <span class="find-judged">{all}</span>;
  const judged = plural("find_judged", mood.judged);
  const by_person = plural("find_by_person", mood.by_person);
  const said = mood.by_person > 0 ? `${judged}, ${by_person}` : judged;
  const explained = [
    t("find_judged_explained"),
    t("find_judged_mood", { n: mood.judged, of: mood.of, by_person: mood.by_person }),
    t("find_judged_intent", { n: wish.judged, of: wish.of, by_person: wish.by_person }),
  ].join("\n");
  return (
    <span class="find-judged" title={explained}>
      {all}, {said}
      <span class="visually-hidden">. {explained}</span>
    </span>
  );
}
