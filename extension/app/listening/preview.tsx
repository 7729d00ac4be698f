/** What a query would find, asked while somebody types: on what is stored and of the places themselves. */
import { Check, CircleSlash } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { ApiError, type Client } from "../../shared/api";
import { ago, number, plural, t } from "../../shared/i18n";
import type { Mention } from "../../shared/types";
import { Icon, Skeleton } from "../../shared/ui";
import { nameOf, networkName } from "../inbox/who";

const PAUSE_MS = 700;
const SHOWN = 5;

export interface Asked {
  kind: string;
  name: string;
  asked: boolean;
  count: number;
  note: string;
}

interface Found {
  count: number;
  items: Mention[];
  asked: Asked[];
  by_network: { key: string; count: number }[];
}

export interface Previewed {
  found: Found | undefined;
  error: ApiError | undefined;
  asking: boolean;
}

/** The newest answer for `query`; older ones are dropped, and typing is never held up. */
export function usePreview(client: Client, brand_id: string, query: string): Previewed {
  const [state, setState] = useState<Previewed>({ found: undefined, error: undefined, asking: false });
  useEffect(() => {
    const wanted = query.trim();
    if (!wanted) {
      setState({ found: undefined, error: undefined, asking: false });
      return;
    }
    let dropped = false;
    setState((old) => ({ ...old, asking: true, error: undefined }));
    const timer = setTimeout(() => {
      client.post<Found>("/keywords/preview", { brand_id, query: wanted, live: true }).then(
        (found) => dropped || setState({ found, error: undefined, asking: false }),
        (error: unknown) => {
          if (dropped) return;
          const known = error instanceof ApiError ? error : new ApiError(0, "internal", String(error));
          setState({ found: undefined, error: known, asking: false });
        },
      );
    }, PAUSE_MS);
    return () => {
      dropped = true;
      clearTimeout(timer);
    };
  }, [client, brand_id, query]);
  return state;
}

/** "14 in the last 30 days: 9 press, 5 forums", the newest of them, and where we asked. */
export function PreviewList({ preview, query }: { preview: Previewed; query: string }) {
  const { found, error, asking } = preview;
  return (
    <div class="preview" aria-live="polite" aria-busy={asking}>
      {error && <QueryError error={error} query={query} />}
      {asking && (
        <>
          <p class="muted">{t("listening_asking")}</p>
          {!found && <Skeleton rows={3} />}
        </>
      )}
      {found && (
        <>
          <p>
            <b>{plural("listening_found", found.count)}</b>
            {found.by_network.length > 0 && (
              <span class="muted">
                {" "}
                {found.by_network.map(({ key, count }) => `${number(count)} ${networkName(key)}`).join(", ")}
              </span>
            )}
          </p>
          <ul class="preview-items">
            {found.items.slice(0, SHOWN).map((item) => (
              <li key={item.url}>
                <b>{nameOf(item)}</b> <span class="faint">{ago(item.published_at ?? item.seen_at)}</span>
                <p class="cut" lang={item.language === "und" ? undefined : item.language}>
                  {item.title || item.text}
                </p>
              </li>
            ))}
          </ul>
          <Coverage asked={found.asked} />
        </>
      )}
    </div>
  );
}

/** Where we asked, and what cannot be asked, each with its reason. */
export function Coverage({ asked }: { asked: Asked[] }) {
  const heard = asked.filter((one) => one.asked);
  const deaf = asked.filter((one) => !one.asked);
  return (
    <div class="coverage">
      <p class="small muted">{t("listening_asked")}</p>
      <ul class="row wrap">
        {heard.map((one) => (
          <li key={one.kind} class={`chip ${one.note ? "warn" : "good"}`} title={one.note && noteWords(one.note)}>
            <Icon icon={Check} />
            {one.name} {one.note ? `· ${noteWords(one.note)}` : number(one.count)}
          </li>
        ))}
      </ul>
      {deaf.length > 0 && (
        <details>
          <summary class="small muted">{plural("listening_not_asked", deaf.length)}</summary>
          <ul class="coverage-deaf">
            {deaf.map((one) => (
              <li key={one.kind} class="row">
                <Icon icon={CircleSlash} />
                <b>{one.name}</b>
                <span class="muted">{noteWords(one.note)}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

export function noteWords(note: string): string {
  return t(`listening_note_${note}`);
}

/** A query that does not parse: where, and how to mend it. */
export function QueryError({ error, query }: { error: ApiError; query: string }) {
  const position = error.extra.position;
  const key = error.extra.key;
  const words =
    typeof key === "string"
      ? t(key, (error.extra.params as Record<string, string>) ?? {})
      : (error.fields.query ?? error.text);
  const points = [...query.trim()];
  return (
    <div class="query-error" role="alert">
      <p>{words}</p>
      {typeof position === "number" && position <= points.length && (
        <code>
          {points.slice(0, position).join("")}
          <mark>{points[position] ?? "␣"}</mark>
          {points.slice(position + 1).join("")}
        </code>
      )}
    </div>
  );
}
