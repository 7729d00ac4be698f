import { Bell, Pause, Pencil, Play, Trash2 } from "lucide";
import { plural, t } from "../../shared/i18n";
import type { Keyword, Source, SourceKind } from "../../shared/types";
import { Chip, IconButton } from "../../shared/ui";
import { searchesWords, stateWords } from "./words";

interface KeywordRowProps {
  keyword: Keyword;
  /** The keyword's own searches. */
  searches: Source[];
  kinds: SourceKind[];
  zone: string;
  editor: boolean;
  onAlert: () => void;
  onEdit: () => void;
  onPause: () => void;
  onRemove: () => void;
}

/** One keyword: what it is, what it brought, and, unfolded, how each of its searches goes. */
export function KeywordRow({
  keyword,
  searches,
  kinds,
  zone,
  editor,
  onAlert,
  onEdit,
  onPause,
  onRemove,
}: KeywordRowProps) {
  const nameOf = (kind: string) => kinds.find((one) => one.kind === kind)?.name ?? kind;
  return (
    <li class="listening-row">
      <div class="grow">
        <p class="row">
          <b class="cut">{keyword.name}</b>
          {keyword.paused && <Chip tone="warn">{t("listening_paused")}</Chip>}
          {keyword.notify && <Chip icon={Bell}>{t("alerts_on")}</Chip>}
          <span class="small muted">{plural("today_mentions", keyword.mentions)}</span>
        </p>
        {keyword.query !== keyword.name && <code class="muted">{keyword.query}</code>}
        {searches.length === 0 ? (
          <p class="small muted">{t("listening_stored_only")}</p>
        ) : (
          <details>
            <summary class="small muted">{searchesWords(searches, zone)}</summary>
            <ul class="listening-searches small">
              {searches.map((source) => (
                <li key={source.id}>
                  <a href={source.url} target="_blank" rel="noreferrer">
                    {nameOf(source.kind)} {editionOf(source.url)}
                  </a>{" "}
                  <span class="muted">{stateWords(source, zone)}</span>
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
      {editor && (
        <span class="row">
          <IconButton icon={Bell} label={t("alerts_of_keyword")} onClick={onAlert} />
          <IconButton icon={Pencil} label={t("listening_edit")} onClick={onEdit} />
          <IconButton
            icon={keyword.paused ? Play : Pause}
            label={t(keyword.paused ? "listening_resume" : "listening_pause")}
            onClick={onPause}
          />
          <IconButton icon={Trash2} label={t("listening_remove")} onClick={onRemove} />
        </span>
      )}
    </li>
  );
}

/** "fr-FR": the same service is asked once for each language and country of the brand. */
function editionOf(url: string): string {
  const params = URL.parse(url)?.searchParams;
  return params?.get("hl") ?? params?.get("mkt") ?? "";
}
