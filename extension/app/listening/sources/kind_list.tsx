import { hasMessage, t } from "../../../shared/i18n";
import { PURPOSES, type SourceKind } from "../../../shared/types";

/** All kinds that a person can add, by what they are for: for who has no address at hand. */
export function KindList({ kinds, onChoose }: { kinds: SourceKind[]; onChoose: (kind: SourceKind) => void }) {
  const offered = kinds.filter(({ asked, by_hand }) => asked === "by itself" && by_hand);
  if (offered.length === 0) return null;
  return (
    <details class="source-kinds">
      <summary>{t("sources_by_hand")}</summary>
      <dl>
        {PURPOSES.map((purpose) => {
          const here = offered.filter((kind) => kind.purpose === purpose);
          if (here.length === 0) return null;
          return (
            <div key={purpose}>
              <dt class="small muted">{t(`purpose_${purpose}`)}</dt>
              <dd class="row wrap">
                {here.map((kind) => (
                  <button key={kind.kind} type="button" class="btn" onClick={() => onChoose(kind)}>
                    {labelOf(kind, offered)}
                  </button>
                ))}
              </dd>
            </div>
          );
        })}
      </dl>
    </details>
  );
}

/** Its name; where several have it, also what it is asked for: "Mastodon: hashtag". */
export function labelOf(kind: SourceKind, all: SourceKind[]): string {
  if (all.filter(({ name }) => name === kind.name).length < 2) return kind.name;
  const [first] = kind.params;
  const label = first?.name === "query" ? "candidates_gives_search" : first?.label;
  const what = hasMessage(`kind_${kind.kind}`) ? t(`kind_${kind.kind}`) : label && t(label);
  return what ? t("sources_kind_of", { name: kind.name, what: what.toLocaleLowerCase() }) : kind.name;
}
