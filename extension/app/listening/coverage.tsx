import { Check, CircleSlash, Footprints } from "lucide";
import { useEffect, useRef } from "preact/hooks";
import { plural, t } from "../../shared/i18n";
import type { RoundPage } from "../../shared/round";
import type { Source, SourceKind } from "../../shared/types";
import { Icon } from "../../shared/ui";
import { labelOf } from "./sources/kind_list";
import { noteWords } from "./words";

interface CoverageProps {
  kinds: SourceKind[];
  sources: Source[];
  /** Of the round. */
  pages: RoundPage[];
  /** Somebody came to see just this. */
  open: boolean;
}

const LOOKS = {
  "by itself": { icon: Check, words: "listening_heard_itself", look: "row good" },
  "by the round": { icon: Footprints, words: "listening_heard_round", look: "row good" },
  cannot: { icon: CircleSlash, words: "listening_heard_not", look: "row muted" },
};

/** Heard by itself, by the round, or not at all and why: one click away, so that silence is never taken for peace. */
export function Coverage({ kinds, sources, pages, open }: CoverageProps) {
  const deaf = kinds.filter(({ asked }) => asked === "cannot");
  const place = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    if (open) place.current?.scrollIntoView({ block: "start" });
  }, [open, pages.length]);
  return (
    <details class="coverage" ref={place} open={open}>
      <summary>
        <h2>{t("listening_coverage")}</h2>
        {deaf.length > 0 && (
          <span class="muted">{t("listening_not_heard", { names: deaf.map(({ name }) => name).join(", ") })}</span>
        )}
      </summary>
      <p class="muted">{t("listening_coverage_text")}</p>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("listening_place")}</th>
            <th scope="col">{t("listening_heard")}</th>
            <th scope="col">{t("listening_how")}</th>
          </tr>
        </thead>
        <tbody>
          {kinds.map((kind) => {
            const { icon, words, look } = LOOKS[kind.asked];
            const count = sources.filter((source) => source.kind === kind.kind).length;
            const visited = pages.filter(({ network }) => network === kind.kind).length;
            return (
              <tr key={kind.kind}>
                <th scope="row">{labelOf(kind, kinds)}</th>
                <td>
                  <span class={look}>
                    <Icon icon={icon} />
                    {t(words)}
                  </span>
                </td>
                <td class="muted">
                  {kind.asked === "by itself"
                    ? howWords(kind, count)
                    : kind.asked === "by the round"
                      ? plural("listening_how_round", visited)
                      : noteWords(kind.why)}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </details>
  );
}

function howWords(kind: SourceKind, count: number): string {
  if (count === 0) return t(kind.keyword_search ? "listening_how_keyword" : "listening_how_feed");
  return plural(kind.keyword_search ? "listening_places" : "listening_feeds", count);
}
