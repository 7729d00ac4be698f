/** What stands between the filters and the list: what is folded away, one story, an exclusion that could be made. */
import { useEffect, useState } from "preact/hooks";
import type { Client } from "../../shared/api";
import { errorText, plural, t } from "../../shared/i18n";
import type { Keyword, Mention } from "../../shared/types";
import { Button, toast, undoable } from "../../shared/ui";
import type { Filter } from "./filter";
import { asApiError } from "./sending";

interface AboveProps {
  filter: Filter;
  /** How many are probably not about us and wait. */
  folded: number;
  onFilter: (filter: Filter) => void;
}

export function Above({ filter, folded, onFilter }: AboveProps) {
  if (filter.story_id) {
    return (
      <Line text={t("inbox_one_story")}>
        <Button kind="ghost" onClick={() => onFilter({ ...filter, story_id: "" })}>
          {t("inbox_back")}
        </Button>
      </Line>
    );
  }
  if (filter.folded) {
    return (
      <Line text={t("inbox_folded_text")}>
        <Button kind="ghost" onClick={() => onFilter({ ...filter, folded: false })}>
          {t("inbox_back")}
        </Button>
      </Line>
    );
  }
  if (folded === 0 || !["new", "open", "all"].includes(filter.tab)) return null;
  return (
    <button type="button" class="inbox-line-above" onClick={() => onFilter({ ...filter, folded: true })}>
      {plural("inbox_folded", folded)}
    </button>
  );
}

function Line({ text, children }: { text: string; children: preact.ComponentChildren }) {
  return (
    <div class="inbox-line-above">
      <span class="grow">{text}</span>
      {children}
    </div>
  );
}

interface Exclusion {
  words: string[];
  marks: number;
  query: string;
  hides: number;
  of: number;
  answered: number;
  examples: Mention[];
}

function complain(error: unknown): void {
  const { code, message } = asApiError(error);
  toast(errorText(code, message));
}

interface ExclusionProps {
  client: Client;
  keywords: Keyword[];
  /** Counts what was marked here: asked again when it grows. */
  marked: number;
  onExcluded: () => void;
}

/** After ten marks of *Not us*: words that could be excluded, what that would have done, and yes or no. */
export function ExclusionProposal({ client, keywords, marked, onExcluded }: ExclusionProps) {
  const [found, setFound] = useState<{ keyword: Keyword; exclusion: Exclusion }>();
  useEffect(() => {
    let gone = false;
    const look = async () => {
      for (const keyword of keywords.slice(0, 20)) {
        const exclusion = await client.get<Exclusion>(`/keywords/${keyword.id}/exclusion`);
        if (gone) return;
        if (exclusion.words.length > 0) return setFound({ keyword, exclusion });
      }
      setFound(undefined);
    };
    void look().catch(() => undefined);
    return () => {
      gone = true;
    };
  }, [client, keywords.map(({ id, version }) => `${id} ${version}`).join(), marked]);
  if (!found) return null;
  const { keyword, exclusion } = found;
  const words = exclusion.words.map((word) => t("rules_quoted", { words: word })).join(", ");
  const path = `/keywords/${keyword.id}`;
  const act = async (work: () => Promise<unknown>, said: string, undo?: () => Promise<unknown>) => {
    try {
      await work();
      setFound(undefined);
      onExcluded();
      if (undo) undoable(said, () => void undo().then(onExcluded, complain));
      else toast(said);
    } catch (error) {
      complain(error);
    }
  };
  const patch = async (query: string) => {
    const { version } = await client.get<Keyword>(path);
    return client.patch(path, { query, version });
  };
  return (
    <section class="inbox-proposal" aria-label={t("inbox_exclusion_title")}>
      <p>
        <b>{t("inbox_exclusion", { words, name: keyword.name })}</b>{" "}
        {plural("inbox_exclusion_effect", exclusion.hides, { of: exclusion.of })}{" "}
        {exclusion.answered > 0 ? plural("inbox_exclusion_answered", exclusion.answered) : t("inbox_exclusion_none")}
      </p>
      <div class="row wrap">
        <Button
          onClick={() =>
            void act(
              () => patch(exclusion.query),
              t("inbox_excluded", { words }),
              () => patch(keyword.query),
            )
          }
        >
          {t("inbox_exclude")}
        </Button>
        <Button
          kind="ghost"
          onClick={() =>
            void act(
              () => client.post(`${path}/exclusion/refuse`, { words: exclusion.words }),
              t("inbox_exclusion_refused"),
            )
          }
        >
          {t("inbox_exclusion_no")}
        </Button>
      </div>
    </section>
  );
}
