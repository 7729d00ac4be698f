import { number, plural, t } from "../../shared/i18n";
import type { SavedReply } from "../../shared/types";
import { Chip } from "../../shared/ui";

interface ListProps {
  replies: SavedReply[];
  /** Id of the one that is open. */
  chosen: string;
  /** How many languages the replies are in: said on each where there are several. */
  languages: number;
  isUnsaved: (reply: SavedReply) => boolean;
  onOpen: (id: string) => void;
}

/** Saved replies, two lines each. */
export function ReplyList({ replies, chosen, languages, isUnsaved, onOpen }: ListProps) {
  return (
    <ul class="replies-list">
      {replies.map((reply) => (
        <li key={reply.id}>
          <button type="button" aria-current={reply.id === chosen || undefined} onClick={() => onOpen(reply.id)}>
            <span class="row">
              <b class="cut grow">{reply.title}</b>
              {isUnsaved(reply) && <Chip tone="warn">{t("replies_unsaved_short")}</Chip>}
              {reply.shortcut && <code>/{reply.shortcut}</code>}
              {languages > 1 && reply.language !== "und" && <span class="faint small">{reply.language}</span>}
              {reply.uses > 0 && (
                <span class="faint small" title={plural("replies_used", reply.uses)}>
                  {number(reply.uses)}×
                </span>
              )}
            </span>
            <span class="replies-line cut">{reply.text}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
