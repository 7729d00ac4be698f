import { Check, Plus } from "lucide";
import { useState } from "preact/hooks";
import { ApiError, type Client } from "../../../shared/api";
import { hasMessage, number, plural, t } from "../../../shared/i18n";
import type { Source } from "../../../shared/types";
import { Button, Chip, Icon, toast, undoable } from "../../../shared/ui";
import { noteWords } from "../words";
import { type Candidate, keyOf, listenTo } from "./discover";

interface CandidateListProps {
  client: Client;
  brand_id: string;
  found: Candidate[];
  /** Items shown of each. */
  samples?: number;
  /** A viewer sees, and adds nothing. */
  editor: boolean;
  onAdded?: (source: Source) => void;
  onRemoved?: (id: string) => void;
}

/** What was found at an address: each source with samples, what of it would have matched, and one click. */
export function CandidateList({
  client,
  brand_id,
  found,
  samples = 3,
  editor,
  onAdded,
  onRemoved,
}: CandidateListProps) {
  const [added, setAdded] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState("");
  const attempt = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      toast(error.text);
    }
    setBusy("");
  };
  const add = (one: Candidate) => {
    setBusy(keyOf(one));
    return attempt(async () => {
      const source = await listenTo(client, brand_id, one);
      setAdded((old) => ({ ...old, [keyOf(one)]: source.id }));
      onAdded?.(source);
      undoable(
        t("listening_source_added", { name: one.name || one.url }),
        () =>
          void attempt(async () => {
            await client.del(`/sources/${source.id}`);
            setAdded((old) => ({ ...old, [keyOf(one)]: "" }));
            onRemoved?.(source.id);
          }),
      );
    });
  };
  return (
    <ul class="candidates" aria-label={t("candidates_found")}>
      {found.map((one) => {
        const here = added[keyOf(one)] ?? one.source_id;
        return (
          <li key={keyOf(one)}>
            <div class="row candidate-head">
              <div class="grow">
                <p class="row wrap">
                  <b class="candidate-name">{one.name || one.url}</b>
                  <Chip>{givesWords(one)}</Chip>
                </p>
                <p class="small faint cut">{one.url}</p>
              </div>
              {here ? (
                <span class="row small candidate-there">
                  <Icon icon={Check} /> {t("candidates_there")}
                </span>
              ) : (
                editor && (
                  <Button
                    kind={found.indexOf(one) === 0 ? "primary" : "plain"}
                    icon={Plus}
                    busy={busy === keyOf(one)}
                    aria-label={`${t("sources_listen")}: ${one.name || one.url}`}
                    onClick={() => void add(one)}
                  >
                    {t("candidates_listen")}
                  </Button>
                )
              )}
            </div>
            <p class={one.matching > 0 ? "small candidate-matches" : "small muted"}>{matchWords(one)}</p>
            {one.items.length > 0 && (
              <ul class="candidate-items small">
                {one.items.slice(0, samples).map((item) => (
                  <li key={item.url || item.title} class={item.matches ? "cut" : "cut muted"}>
                    {item.matches && <Icon icon={Check} />}
                    {item.title || item.text}
                  </li>
                ))}
              </ul>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** "RSS · articles" */
function givesWords({ kind_name, gives }: Candidate): string {
  const what = hasMessage(`candidates_gives_${gives}`) ? t(`candidates_gives_${gives}`) : "";
  return what ? `${kind_name} · ${what}` : kind_name;
}

/** "3 of 25 would have matched"; why not where it could not be looked at. */
function matchWords({ note, count, matching }: Candidate): string {
  if (note) return t("candidates_unseen", { note: noteWords(note) });
  if (count === 0) return t("candidates_empty");
  if (matching === 0) return plural("candidates_none", count, { n: number(count) });
  return plural("candidates_matching", matching, { n: number(matching), of: number(count) });
}
