import { ArrowDown, ArrowUp, ExternalLink, Pencil, Trash2 } from "lucide";
import { useState } from "preact/hooks";
import { ago, number, plural, t } from "../../../shared/i18n";
import type { RoundPage } from "../../../shared/round";
import { Button, Chip, IconButton, Input } from "../../../shared/ui";

const DAYS = [0, 1, 3, 7, 30];

interface PageRowProps {
  page: RoundPage;
  editor: boolean;
  /** Pages can be visited from here. */
  visits: boolean;
  first: boolean;
  last: boolean;
  onVisit: () => void;
  onMove: (by: number) => void;
  onChange: (values: { name?: string; remind_days?: number }) => void;
  onRemove: () => void;
}

/** One page of the round: when it was seen, what visits bring, and how long it may wait. */
export function PageRow({ page, editor, visits, first, last, onVisit, onMove, onChange, onRemove }: PageRowProps) {
  const [name, setName] = useState<string>();
  const days = DAYS.includes(page.remind_days) ? DAYS : [...DAYS, page.remind_days].sort((a, b) => a - b);
  if (name !== undefined) {
    const save = (event: Event) => {
      event.preventDefault();
      if (name.trim()) onChange({ name: name.trim() });
      setName(undefined);
    };
    return (
      <li>
        <form class="row wrap" onSubmit={save} onKeyDown={(event) => event.key === "Escape" && setName(undefined)}>
          <span class="grow">
            <Input label={t("round_name")} quiet value={name} maxLength={200} autoFocus onText={setName} />
          </span>
          <Button type="submit" kind="primary">
            {t("settings_save")}
          </Button>
          <Button onClick={() => setName(undefined)}>{t("ui_cancel")}</Button>
        </form>
      </li>
    );
  }
  return (
    <li class="listening-row">
      <div class="grow">
        <p class="row">
          <b class="cut">{page.name}</b>
          {page.overdue && <Chip tone="warn">{t("round_overdue")}</Chip>}
          {!page.left && <Chip tone="good">{t("round_today")}</Chip>}
        </p>
        <a class="small faint cut" href={page.url} target="_blank" rel="noreferrer">
          {page.url}
        </a>
        <p class="small muted">{wordsOf(page)}</p>
      </div>
      <span class="row wrap">
        {visits && (
          <Button icon={ExternalLink} onClick={onVisit} aria-label={`${t("round_visit")}: ${page.name}`}>
            {t("round_visit")}
          </Button>
        )}
        {editor && (
          <>
            <select
              class="input"
              aria-label={`${t("round_remind")}: ${page.name}`}
              title={t("round_remind")}
              value={page.remind_days}
              onChange={(event) => onChange({ remind_days: Number(event.currentTarget.value) })}
            >
              {days.map((n) => (
                <option key={n} value={n}>
                  {DAYS.includes(n) ? t(`round_days_${n}`) : t("today_days", { n })}
                </option>
              ))}
            </select>
            <IconButton icon={ArrowUp} label={t("round_up")} disabled={first} onClick={() => onMove(-1)} />
            <IconButton icon={ArrowDown} label={t("round_down")} disabled={last} onClick={() => onMove(1)} />
            <IconButton icon={Pencil} label={t("round_rename")} onClick={() => setName(page.name)} />
            <IconButton icon={Trash2} label={t("round_remove")} onClick={onRemove} />
          </>
        )}
      </span>
    </li>
  );
}

/** "visited yesterday · about 12 posts a visit · 4 new at the last one". */
function wordsOf({ last_visited_at, visits, per_visit, last_fresh }: RoundPage): string {
  const words = [last_visited_at ? t("round_last", { at: ago(last_visited_at) }) : t("round_never")];
  if (visits > 0 && per_visit > 0) {
    const rounded = Math.round(per_visit);
    words.push(plural("round_per_visit", rounded, { n: number(rounded) }));
    words.push(plural("round_last_fresh", last_fresh));
  }
  return words.join(" · ");
}
