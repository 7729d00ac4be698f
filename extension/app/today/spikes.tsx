import { useEffect } from "preact/hooks";
import type { Client } from "../../shared/api";
import { ago, plural, t } from "../../shared/i18n";
import type { Brand, Page } from "../../shared/types";
import { Button, useLoad } from "../../shared/ui";
import { NO_FILTER } from "../inbox/filter";
import { writePlace } from "../inbox/place";
import type { PageProps } from "../page";

const DAYS = 7;
const SHOWN = 3;

interface Spike {
  id: string;
  keyword_id: string;
  keyword: string;
  kind: "mentions" | "complaints";
  began_at: string;
  ended_at: string | null;
  count: number;
  hours: number;
  expected: number;
  reason: { why: string; n: number; of: number; where: string; who: string; words: string[] };
}

/** Spikes of the last days, newest first: what happened, what is usual, why. */
export function useSpikes(client: Client, brand: Brand): Spike[] {
  const list = useLoad(async () => {
    const since = new Date(Date.now() - DAYS * 86_400_000).toISOString();
    return (await client.get<Page<Spike>>("/spikes", { brand_id: brand.id, since, limit: SHOWN })).items;
  }, [client, brand.id]);
  useEffect(
    () => client.onChange((kinds) => kinds.some((kind) => /^(spike\.|$)/.test(kind)) && list.reload()),
    [client],
  );
  return list.value ?? [];
}

export function SpikeRows({ spikes, brand, go }: { spikes: Spike[]; brand: Brand; go: PageProps["go"] }) {
  const look = ({ keyword_id }: Spike) => {
    writePlace(brand.id, {
      filter: { ...NO_FILTER, tab: "all", keyword_id },
      selected_id: "",
      scroll_top: 0,
      rows: 200,
    });
    go("inbox");
  };
  return (
    <ul>
      {spikes.map((spike) => (
        <li key={spike.id} class="today-row">
          <div>
            <b>{titleOf(spike)}</b>
            <p class="today-said">
              {usualOf(spike)} {reasonOf(spike)} {t(spike.ended_at ? "today_spike_over" : "today_spike_lasts")}
            </p>
          </div>
          <div class="today-side">
            <span>{ago(spike.began_at)}</span>
            <Button onClick={() => look(spike)}>{t("today_look")}</Button>
          </div>
        </li>
      ))}
    </ul>
  );
}

function titleOf({ kind, keyword, count, hours }: Spike): string {
  const when = t(`spike_hours_${hours}`);
  return t(`spike_title_${kind === "complaints" ? "complaints" : "posts"}`, { name: keyword, n: count, when });
}

function usualOf({ expected }: Spike): string {
  return Math.round(expected) > 0 ? plural("spike_usual", Math.round(expected)) : t("spike_usual_none");
}

function reasonOf({ reason }: Spike): string {
  if (!reason.why) return "";
  const why = reason.why === "story" && !reason.where ? "same" : reason.why;
  const { n, of, where, who, words } = reason;
  return t(`spike_why_${why}`, { n, of, where, who, words: words.join(", ") });
}
