/** *Filter by*: what the list holds, counted by network, language, hint and the rest; a click adds to the search. */
import { X } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import { number, plural, t } from "../../../shared/i18n";
import { Button, Dialog, IconButton, Skeleton } from "../../../shared/ui";
import { type Filter, isNarrowed, type Narrow, NO_FILTER } from "../filter";
import { type StatsAnswer, written } from "../stats";
import { choosable, FACETS, type Facet, isChosen, NOBODY, toggle, type Value } from "./facets";
import { JudgedLine } from "./judged";
import { type Names, nameOfValue } from "./names";

export const PANEL_ID = "find-panel";
const SHOWN = 6;

interface PanelProps {
  filter: Filter;
  /** undefined: on the way. */
  here: StatsAnswer | undefined;
  names: Names;
  /** Beside the list; else over it. */
  beside: boolean;
  /** No search is saved yet. */
  none_saved: boolean;
  onFilter: (next: Filter | Narrow) => void;
  onClose: () => void;
}

export function Panel(props: PanelProps) {
  const { beside, here, onClose } = props;
  if (!beside) {
    return (
      <Dialog title={t("find_filter")} onClose={onClose}>
        <div id={PANEL_ID} class="find-facets">
          <Facets {...props} />
          <footer>
            <Button kind="primary" onClick={onClose}>
              {here ? plural("find_show", here.total, { written: written(here.total, here.capped) }) : t("ui_close")}
            </Button>
          </footer>
        </div>
      </Dialog>
    );
  }
  return <Aside {...props} />;
}

function Aside(props: PanelProps) {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  return (
    <aside
      id={PANEL_ID}
      class="find-panel"
      aria-label={t("find_filter")}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        props.onClose();
      }}
    >
      <header class="row">
        <h2 ref={title} class="grow" tabIndex={-1}>
          {t("find_filter")}
        </h2>
        <IconButton icon={X} label={t("ui_close")} onClick={props.onClose} />
      </header>
      <div class="find-facets">
        <Facets {...props} />
      </div>
    </aside>
  );
}

function Facets({ filter, here, names, beside, none_saved, onFilter }: PanelProps) {
  if (!here || here.facets.length === 0) return <Skeleton rows={6} />;
  const groups = FACETS.map((facet) => ({ facet, values: valuesOf(facet, here, filter, names.me) })).filter(
    ({ values }) => values.length > 0,
  );
  return (
    <>
      {here.facets_capped && <p class="faint small">{t("find_newest", { n: number(here.facets_of) })}</p>}
      {!beside && <JudgedLine here={here} />}
      {groups.length === 0 && <p class="muted">{t("find_nothing_to_filter")}</p>}
      {groups.map(({ facet, values }) => (
        <Group key={facet} facet={facet} values={values} filter={filter} names={names} onFilter={onFilter} />
      ))}
      <label class="row find-group-stories">
        <input
          type="checkbox"
          checked={filter.grouped}
          onChange={() => onFilter((now) => ({ ...now, grouped: !filter.grouped }))}
        />
        {t("inbox_group")}
      </label>
      {isNarrowed(filter) && (
        <Button onClick={() => onFilter({ ...NO_FILTER, tab: filter.tab, grouped: filter.grouped })}>
          {t("inbox_clear_filters")}
        </Button>
      )}
      {none_saved && <p class="faint small">{t("find_none_saved")}</p>}
    </>
  );
}

/** Those that were counted; who has none, where some have somebody; a chosen one stays although nothing is left. */
function valuesOf(facet: Facet, here: StatsAnswer, filter: Filter, me: string): Value[] {
  const counted = here.facets.find(({ name }) => name === facet)?.values ?? [];
  const values = choosable(facet, counted);
  if (facet !== "assignee") return values;
  const nobody = here.facets_of - values.reduce((sum, { count }) => sum + count, 0);
  const named = values.length > 0 || isChosen(filter, facet, NOBODY, me);
  return named && nobody > 0 ? [...values, { key: NOBODY, count: nobody }] : values;
}

interface GroupProps {
  facet: Facet;
  values: Value[];
  filter: Filter;
  names: Names;
  onFilter: (next: Filter | Narrow) => void;
}

function Group({ facet, values, filter, names, onFilter }: GroupProps) {
  const [whole, setWhole] = useState(false);
  const id = `find-facet-${facet}`;
  const shown = whole ? values : values.slice(0, SHOWN);
  return (
    <section aria-labelledby={id}>
      <h3 id={id}>{t(`find_facet_${facet}`)}</h3>
      <ul>
        {shown.map(({ key, count }) => {
          const name = nameOfValue(facet, key, names);
          return (
            <li key={key}>
              <button
                type="button"
                aria-pressed={isChosen(filter, facet, key, names.me)}
                onClick={() => onFilter((now) => toggle(now, facet, key, names.me))}
              >
                <span class="cut" title={name}>
                  {name}
                </span>{" "}
                <span class="find-n">{number(count)}</span>
              </button>
            </li>
          );
        })}
      </ul>
      {values.length > SHOWN && (
        <Button kind="ghost" aria-expanded={whole} onClick={() => setWhole(!whole)}>
          {whole ? t("find_fewer") : t("find_more", { n: values.length - SHOWN })}
        </Button>
      )}
    </section>
  );
}
