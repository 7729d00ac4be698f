import { ChevronDown, ChevronRight, CircleAlert, Moon } from "lucide";
import { t } from "../../../shared/i18n";
import type { Source } from "../../../shared/types";
import { Chip, Icon } from "../../../shared/ui";
import { stateWords } from "../words";
import { nameOf, needsCare } from "./shown";
import { weekWords } from "./words";

interface SourceLineProps {
  source: Source;
  /** The kind's own name. */
  kind: string;
  zone: string;
  open: boolean;
  tabIndex: number;
  line: number;
  onFocus: () => void;
  onOpen: () => void;
}

/** Two lines, always as high: what it is and how it stands, when it was and will be asked. */
export function SourceLine({ source, kind, zone, open, tabIndex, line, onFocus, onOpen }: SourceLineProps) {
  const care = needsCare(source);
  return (
    <button
      type="button"
      class="source-line"
      data-line={line}
      aria-expanded={open}
      tabIndex={tabIndex}
      onFocus={onFocus}
      onClick={onOpen}
    >
      <Icon icon={open ? ChevronDown : ChevronRight} />
      <span class="grow">
        <span class="row">
          <b class="cut">{nameOf(source)}</b>
          {source.state !== "ok" && (
            <Chip tone={source.state === "gone" ? "bad" : "warn"} icon={source.state === "asleep" ? Moon : CircleAlert}>
              {t(`listening_state_${source.state}`)}
            </Chip>
          )}
        </span>
        <span class={care ? "small cut source-state care" : "small cut source-state muted"}>
          {stateWords(source, zone)}
        </span>
      </span>
      <span class="source-facts small muted">
        <span>{weekWords(source.items_per_week)}</span>
        <span>{kind}</span>
      </span>
    </button>
  );
}
