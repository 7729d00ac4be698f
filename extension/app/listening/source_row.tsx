import { RefreshCw, Trash2 } from "lucide";
import { useState } from "preact/hooks";
import { t } from "../../shared/i18n";
import type { Source } from "../../shared/types";
import { Button, Chip, IconButton } from "../../shared/ui";
import { stateWords } from "./words";

interface SourceRowProps {
  source: Source;
  zone: string;
  editor: boolean;
  /** May ask it now. */
  contributor: boolean;
  onTake: (take: string) => void;
  onPoll: () => void;
  /** Look for its feed on its site. */
  onFind: () => Promise<void>;
  onRemove: () => void;
}

/** Then its address leads to no feed any more, and the feed may be elsewhere. */
const ASTRAY = new Set(["gone", "not_found", "not_a_feed"]);

/** One page or feed: how it goes in words, and what is taken of it. */
export function SourceRow({ source, zone, editor, contributor, onTake, onPoll, onFind, onRemove }: SourceRowProps) {
  const name = source.name || source.url;
  const [finding, setFinding] = useState(false);
  const find = async () => {
    setFinding(true);
    await onFind();
    setFinding(false);
  };
  return (
    <li class="listening-row">
      <div class="grow">
        <p class="row">
          <b class="cut">{name}</b>
          {source.state !== "ok" && (
            <Chip tone={source.state === "gone" ? "bad" : "warn"}>{t(`listening_state_${source.state}`)}</Chip>
          )}
        </p>
        {name !== source.url && (
          <a class="small faint cut" href={source.url} target="_blank" rel="noreferrer">
            {source.url}
          </a>
        )}
        <p class="small muted">{stateWords(source, zone)}</p>
        {editor && source.state !== "ok" && ASTRAY.has(source.last_error) && (
          <p>
            <Button busy={finding} onClick={() => void find()}>
              {t("listening_find")}
            </Button>
          </p>
        )}
      </div>
      <span class="row">
        {editor && (
          <select
            class="input"
            aria-label={`${t("listening_take")}: ${name}`}
            value={source.take}
            onChange={(event) => onTake(event.currentTarget.value)}
          >
            <option value="all">{t("listening_take_all")}</option>
            <option value="matching">{t("listening_take_matching")}</option>
          </select>
        )}
        {contributor && <IconButton icon={RefreshCw} label={t("listening_poll")} onClick={onPoll} />}
        {editor && <IconButton icon={Trash2} label={t("listening_remove")} onClick={onRemove} />}
      </span>
    </li>
  );
}
