import { Check, CircleSlash } from "lucide";
import { plural, t } from "../../shared/i18n";
import type { Source, SourceKind } from "../../shared/types";
import { Icon } from "../../shared/ui";
import { noteWords } from "./words";

/** Heard by itself, or not at all and why: one click away, so that silence is never taken for peace. */
export function Coverage({ kinds, sources }: { kinds: SourceKind[]; sources: Source[] }) {
  const deaf = kinds.filter(({ asked }) => asked === "cannot");
  return (
    <details class="coverage">
      <summary>
        <h2>{t("listening_coverage")}</h2>
        <span class="muted">{deaf.map(({ name }) => name).join(", ")}</span>
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
            const heard = kind.asked === "by itself";
            const count = sources.filter((source) => source.kind === kind.kind).length;
            return (
              <tr key={kind.kind}>
                <th scope="row">{kind.name}</th>
                <td>
                  <span class={heard ? "row good" : "row muted"}>
                    <Icon icon={heard ? Check : CircleSlash} />
                    {t(heard ? "listening_heard_itself" : "listening_heard_not")}
                  </span>
                </td>
                <td class="muted">{heard ? howWords(kind, count) : noteWords(kind.why)}</td>
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
