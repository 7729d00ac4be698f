/** What a query would find, asked while somebody types: on what is stored and of the places themselves. */
import { Check, CircleSlash, Clock, Footprints } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { ApiError, type Client } from "../../shared/api";
import { ago, number, plural, t } from "../../shared/i18n";
import type { Mention } from "../../shared/types";
import { Button, Chip, Icon, Skeleton } from "../../shared/ui";
import type { QueryReading } from "../inbox/find/said";
import { readSearch } from "../inbox/find/words";
import { lineOf } from "../inbox/highlight";
import { nameOf } from "../inbox/who";
import { networkWords, noteWords } from "./words";

/** After the last key, before the places are asked: long enough for a word to be finished. */
const PAUSE_MS = 700;
const SHOWN = 5;
/** Reasons that do not pass: everything else is only for now. */
const FOR_GOOD = new Set(["closed", "paid_only", "few_requests", "key_needed", "account_needed", "not_this_query"]);

export interface Asked {
  kind: string;
  name: string;
  asked: boolean;
  /** Heard by the brand's round. */
  round: boolean;
  count: number;
  note: string;
  /** Parts of the query that this place cannot be asked. */
  left_out?: string[];
  /** Searches that this place is never asked: too many for one keyword. */
  too_many?: string[];
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

const NOTHING: Previewed = { found: undefined, error: undefined, asking: false };

/** The newest answer for `query` in these languages; older ones are dropped, and typing is never held up. */
export function usePreview(client: Client, brand_id: string, query: string, languages: string[]): Previewed {
  const [state, setState] = useState<Previewed>(NOTHING);
  const wanted = query.trim();
  const spoken = languages.join(" ");
  useEffect(() => {
    if (!wanted || readSearch(wanted, true).fault) {
      setState(NOTHING);
      return;
    }
    let dropped = false;
    setState((old) => ({ ...old, asking: true, error: undefined }));
    const body = { brand_id, query: wanted, languages: spoken.split(" ").filter(Boolean), live: true };
    const timer = setTimeout(() => {
      client.post<Found>("/keywords/preview", body).then(
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
  }, [client, brand_id, wanted, spoken]);
  return state;
}

interface PreviewListProps {
  preview: Previewed;
  /** Queries that would find more, for when this one finds nothing. */
  wider: QueryReading["wider"];
  onWiden: (query: string) => void;
  /** Put a search on a network that cannot be asked into the round; false = we know none there. */
  onRound: (kind: string) => Promise<boolean>;
}

/** "14 in the last 30 days: 9 in the press, 5 on Mastodon", the newest of them, and where we asked. */
export function PreviewList({ preview, wider, onWiden, onRound }: PreviewListProps) {
  const { found, error, asking } = preview;
  // Nothing found where nobody answered is no news about the query.
  const unheard = found?.count === 0 && found.asked.some(isSilent) && !found.asked.some((one) => one.asked);
  return (
    <div class="preview" aria-busy={asking}>
      {error && error.code !== "query_syntax" && (
        <p class="wrong" role="alert">
          {error.text}
        </p>
      )}
      <div class="preview-said" role="status">
        {asking ? (
          <span class="muted">{t("listening_asking")}</span>
        ) : (
          found && (
            <>
              <b>{unheard ? t("listening_unheard") : plural("listening_found", found.count)}</b>
              {found.by_network.length > 0 && t("listening_found_parts", { parts: networkWords(found.by_network) })}
            </>
          )
        )}
      </div>
      {asking && !found && <Skeleton rows={3} />}
      {found && (
        <div class={asking ? "stack preview-old" : "stack"}>
          {found.count === 0 && !asking && (
            <p class="muted">{t(unheard ? "listening_unheard_text" : "listening_found_none")}</p>
          )}
          {found.count === 0 && !asking && wider.length > 0 && (
            <div class="preview-wider">
              <p class="small muted">{plural("query_widen_title", wider.length)}</p>
              <div class="row wrap">
                {wider.map((one) => (
                  <Button key={one.key} title={one.query} onClick={() => onWiden(one.query)}>
                    {t(one.key, { text: one.text })}
                  </Button>
                ))}
              </div>
            </div>
          )}
          {found.items.length > 0 && (
            <ul class="preview-items">
              {found.items.slice(0, SHOWN).map((item) => (
                <Item key={item.url} item={item} />
              ))}
            </ul>
          )}
          {found.count > SHOWN && <p class="small muted">{plural("listening_more", found.count - SHOWN)}</p>}
          <AskedPlaces asked={found.asked} onRound={onRound} />
        </div>
      )}
    </div>
  );
}

function Item({ item }: { item: Mention }) {
  return (
    <li>
      <p class="row">
        <b class="cut">{nameOf(item)}</b>
        <span class="small faint">{item.published_at ? ago(item.published_at) : ""}</span>
      </p>
      <p class="cut muted" lang={item.language === "und" ? undefined : item.language}>
        <a href={item.url} target="_blank" rel="noreferrer">
          {lineOf(item).map((piece, index) => (piece.lit ? <mark key={index}>{piece.text}</mark> : piece.text))}
        </a>
      </p>
    </li>
  );
}

function isSilent({ asked, note }: Asked): boolean {
  return !asked && !FOR_GOOD.has(note);
}

/** A place with several doors of which all say the same is said once. */
function onceEach(asked: Asked[]): Asked[] {
  return [...new Map(asked.map((one) => [`${one.name} ${one.note}`, one])).values()];
}

/** One line for each place, however many doors it has. */
function byName(asked: Asked[]): { name: string; count: number }[] {
  const found = new Map<string, number>();
  for (const { name, count } of asked) found.set(name, (found.get(name) ?? 0) + count);
  return [...found].map(([name, count]) => ({ name, count }));
}

/** Places that cannot be asked the same parts of the query stand together. */
function byTexts(asked: Asked[], which: "left_out" | "too_many"): { texts: string; places: string[] }[] {
  const found = new Map<string, Set<string>>();
  for (const { [which]: parts, name, note } of asked) {
    if (!parts?.length || note === "not_this_query") continue;
    const texts = parts.join(", ");
    found.set(texts, (found.get(texts) ?? new Set()).add(name));
  }
  return [...found].map(([texts, places]) => ({ texts, places: [...places] }));
}

/** Which places answered, which did not this time, and which never can, each with its reason. */
function AskedPlaces({ asked, onRound }: { asked: Asked[]; onRound: PreviewListProps["onRound"] }) {
  const [added, setAdded] = useState<ReadonlySet<string>>(new Set());
  const silent = onceEach(asked.filter(isSilent));
  const partly = [
    ...byTexts(asked, "left_out").map((one) => ({ ...one, key: "listening_filtered" })),
    ...byTexts(asked, "too_many").map((one) => ({ ...one, key: "listening_too_many" })),
  ];
  const cannot = asked.filter((one) => !one.asked && FOR_GOOD.has(one.note));
  const inRound = ({ kind, round }: Asked) => round || added.has(kind);
  const deaf = cannot.filter((one) => !inRound(one));
  const add = async (kind: string) => {
    if (await onRound(kind)) setAdded((old) => new Set([...old, kind]));
  };
  return (
    <div class="preview-asked">
      <ul class="row wrap" aria-label={t("listening_asked")}>
        {byName(asked.filter((one) => one.asked)).map(({ name, count }) => (
          <li key={name}>
            <Chip tone="good" icon={Check}>
              {name} {number(count)}
            </Chip>
          </li>
        ))}
        {silent.map((one) => (
          <li key={one.kind}>
            <Chip tone="warn" icon={Clock}>
              {t("listening_place_note", { place: one.name, note: noteWords(one.note) })}
            </Chip>
          </li>
        ))}
      </ul>
      {partly.length > 0 && (
        <ul class="preview-partly small muted">
          {partly.map(({ key, texts, places }) => (
            <li key={`${key} ${texts}`}>{t(key, { texts, places: places.join(", ") })}</li>
          ))}
        </ul>
      )}
      {cannot.length > 0 && (
        <details>
          <summary class="small muted">
            {deaf.length > 0
              ? `${plural("listening_not_asked", deaf.length)} ${deaf.map((one) => one.name).join(", ")}`
              : t("listening_all_round")}
          </summary>
          <ul class="preview-deaf">
            {cannot.map((one) => (
              <li key={one.kind} class="row">
                <Icon icon={inRound(one) ? Footprints : CircleSlash} />
                <span class="grow">
                  <b>{one.name}</b> <span class="muted">{inRound(one) ? t("round_by") : noteWords(one.note)}</span>
                </span>
                {!inRound(one) && one.note !== "not_this_query" && (
                  <Button onClick={() => void add(one.kind)} aria-label={`${t("round_add_kind")}: ${one.name}`}>
                    {t("round_add_kind")}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
