import { useEffect, useState } from "preact/hooks";
import type { Client } from "../../shared/api";
import { date, number, plural, t } from "../../shared/i18n";
import type { Brand } from "../../shared/types";
import { Button, useLoad } from "../../shared/ui";
import type { PageProps } from "../page";
import { Card } from "./card";
import { SpikeRows, useSpikes } from "./spikes";

const DAYS = 14;
const AGAIN_MS = 5_000;
const W = 640;
const H = 120;

interface Stats {
  by_day: { key: string; count: number }[];
}

interface Day {
  day: string;
  count: number;
}

/** Spikes in words, then mentions by day as a chart with a sentence; the same as a table behind a button. */
export function WhatChanged({ client, brand, go }: { client: Client; brand: Brand; go: PageProps["go"] }) {
  const spikes = useSpikes(client, brand);
  const since = new Date(Date.now() - (DAYS - 1) * 86_400_000).toISOString().slice(0, 10);
  const stats = useLoad(
    async () => daysOf(await client.get<Stats>("/mentions/stats", { brand_id: brand.id, since })),
    [client, brand.id],
  );
  useEffect(() => {
    // Mentions come one after the other; a curve of two weeks is drawn anew a little later for all of them.
    let timer: ReturnType<typeof setTimeout> | undefined;
    const later = () => {
      timer = undefined;
      stats.reload();
    };
    const stop = client.onChange((kinds) => {
      if (kinds.some((kind) => /^(mention\.|$)/.test(kind))) timer ??= setTimeout(later, AGAIN_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [client]);
  const [table, setTable] = useState(false);
  const days = stats.value ?? [];
  const total = days.reduce((sum, { count }) => sum + count, 0);
  if (total === 0 && spikes.length === 0) return null;
  if (total === 0) {
    return (
      <Card title={t("today_changed")}>
        <SpikeRows spikes={spikes} brand={brand} go={go} />
      </Card>
    );
  }
  const most = Math.max(...days.map(({ count }) => count));
  const today = days[days.length - 1]!.count;
  const usual = total / days.length;
  const sentence = t("today_changed_sentence", {
    today: plural("today_mentions", today),
    usual: number(usual < 10 ? Math.round(usual * 10) / 10 : Math.round(usual)),
  });
  const slot = W / days.length;
  return (
    <Card title={t("today_changed")} said={t("today_days", { n: DAYS })}>
      <SpikeRows spikes={spikes} brand={brand} go={go} />
      <p class="muted">{sentence}</p>
      {table ? (
        <table class="today-table">
          <thead>
            <tr>
              <th>{t("today_day")}</th>
              <th>{t("today_count")}</th>
            </tr>
          </thead>
          <tbody>
            {days.map(({ day, count }) => (
              <tr key={day}>
                <td>{dayOf(day)}</td>
                <td>{number(count)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : (
        <svg viewBox={`0 0 ${W} ${H + 20}`} width="100%" role="img" aria-label={sentence} class="today-chart">
          <line x1="0" x2={W} y1={H} y2={H} />
          <line x1="0" x2={W} y1={H - (usual / most) * (H - 10)} y2={H - (usual / most) * (H - 10)} class="usual" />
          {days.map(({ day, count }, index) => {
            const height = (count / most) * (H - 10);
            return (
              <g key={day}>
                <rect x={index * slot + slot * 0.2} y={H - height} width={slot * 0.6} height={height} rx="2" />
                {index % 3 === (days.length - 1) % 3 && (
                  <text x={index * slot + slot / 2} y={H + 15} text-anchor="middle">
                    {dayOf(day)}
                  </text>
                )}
              </g>
            );
          })}
        </svg>
      )}
      <div>
        <Button kind="ghost" onClick={() => setTable(!table)}>
          {t(table ? "today_as_chart" : "today_as_table")}
        </Button>
      </div>
    </Card>
  );
}

/** Read as a moment, a day would begin at midnight of UTC, which is the day before in the west. */
function dayOf(day: string): string {
  return date(`${day}T12:00:00`);
}

/** Every day of the range, the empty ones too. */
function daysOf({ by_day }: Stats): Day[] {
  const days = new Map(by_day.map(({ key, count }) => [key, count]));
  return Array.from({ length: DAYS }, (_, back) => {
    const day = new Date(Date.now() - (DAYS - 1 - back) * 86_400_000).toISOString().slice(0, 10);
    return { day, count: days.get(day) ?? 0 };
  });
}
