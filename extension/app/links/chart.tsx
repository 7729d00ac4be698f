import { Table2 } from "lucide";
import { useState } from "preact/hooks";
import { language, number, plural, t } from "../../shared/i18n";
import { Button, useKeys } from "../../shared/ui";
import { type Bucket, niceTop, RANGES, type Range } from "./series";

const WIDTH = 640;
const HEIGHT = 150;
const LEFT = 34;

/** Bars of people over time, a sentence that says what they show, and the figures behind a key. */
export function Chart({ buckets, range }: { buckets: Bucket[]; range: Range }) {
  const [table, setTable] = useState(false);
  useKeys([{ key: "t", label: t("links_key_table"), run: () => setTable((on) => !on) }], []);
  const sentence = sentenceOf(buckets, range);
  return (
    <section class="links-chart">
      <div class="row wrap">
        <p class="grow">{sentence}</p>
        <Button kind="ghost" icon={Table2} shortcut="t" aria-pressed={table} onClick={() => setTable(!table)}>
          {t("links_table")}
        </Button>
      </div>
      {table ? <Figures buckets={buckets} range={range} /> : <Bars buckets={buckets} range={range} label={sentence} />}
    </section>
  );
}

function Bars({ buckets, range, label }: { buckets: Bucket[]; range: Range; label: string }) {
  const top = niceTop(Math.max(...buckets.map(({ people }) => people), 0));
  const step = (WIDTH - LEFT) / buckets.length;
  const bar = Math.max(2, Math.min(28, step - Math.max(1, step * 0.22)));
  const y = (people: number) => HEIGHT - (people / top) * (HEIGHT - 12);
  const every = Math.ceil(buckets.length / 7);
  return (
    <svg class="links-bars" viewBox={`0 0 ${WIDTH} ${HEIGHT + 22}`} role="img" aria-label={label}>
      {[0, top / 2, top].map((value) => (
        <g key={value}>
          <line x1={LEFT} x2={WIDTH} y1={y(value)} y2={y(value)} />
          <text x={LEFT - 7} y={y(value) + 4} text-anchor="end">
            {number(value)}
          </text>
        </g>
      ))}
      {buckets.map(({ at, people, previews, robots }, index) => {
        const x = LEFT + index * step + (step - bar) / 2;
        return (
          <g key={at.getTime()}>
            {people > 0 && (
              <rect x={x} y={y(people)} width={bar} height={HEIGHT - y(people)} rx={Math.min(3, bar / 2)} />
            )}
            <rect class="links-touch" x={LEFT + index * step} y={0} width={step} height={HEIGHT}>
              <title>{`${bucketName(at, range)}: ${plural("links_people", people)}, ${plural("links_previews", previews)}, ${plural("links_robots", robots)}`}</title>
            </rect>
            {index % every === 0 && (
              <text x={x + bar / 2} y={HEIGHT + 17} text-anchor="middle">
                {axisName(at, range)}
              </text>
            )}
          </g>
        );
      })}
    </svg>
  );
}

function Figures({ buckets, range }: { buckets: Bucket[]; range: Range }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section class="links-figures" tabIndex={0} aria-label={t("links_table")}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t(RANGES[range].by === "hour" ? "links_hour" : "links_day")}</th>
            <th scope="col">{t("links_people_word")}</th>
            <th scope="col">{t("links_previews_word")}</th>
            <th scope="col">{t("links_robots_word")}</th>
          </tr>
        </thead>
        <tbody>
          {buckets
            .filter(({ people, previews, robots }) => people + previews + robots > 0)
            .reverse()
            .map(({ at, people, previews, robots }) => (
              <tr key={at.getTime()}>
                <th scope="row">{bucketName(at, range, "short")}</th>
                <td>{number(people)}</td>
                <td>{number(previews)}</td>
                <td>{number(robots)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </section>
  );
}

/** "41 clicks by people in 30 days, most of them on Tuesday 3 November (12)." */
export function sentenceOf(buckets: Bucket[], range: Range): string {
  const people = buckets.reduce((sum, one) => sum + one.people, 0);
  const within = t(`links_within_${range}`);
  if (people === 0) return t("links_nobody", { within });
  const best = buckets.reduce((a, b) => (b.people > a.people ? b : a));
  const when = bucketName(best.at, range);
  if (best.people === people) return plural("links_all_at_once", people, { within, when });
  return plural("links_sentence", people, { within, when, most: best.people });
}

const locale = () => (language() === "fr" ? "fr-FR" : "en-GB");

function bucketName(at: Date, range: Range, width: "long" | "short" = "long"): string {
  return RANGES[range].by === "hour"
    ? new Intl.DateTimeFormat(locale(), { weekday: "short", hour: "2-digit", minute: "2-digit" }).format(at)
    : new Intl.DateTimeFormat(locale(), { weekday: width, day: "numeric", month: width, timeZone: "UTC" }).format(at);
}

function axisName(at: Date, range: Range): string {
  return RANGES[range].by === "hour"
    ? new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit" }).format(at)
    : new Intl.DateTimeFormat(locale(), { day: "numeric", month: "short", timeZone: "UTC" }).format(at);
}
