import { t } from "../../../shared/i18n";
import { PURPOSES, type SourceKind } from "../../../shared/types";

/** All kinds that a person can add, by what they are for: for who has no address at hand. */
export function KindList({ kinds, onChoose }: { kinds: SourceKind[]; onChoose: (kind: SourceKind) => void }) {
  const offered = kinds.filter(({ asked }) => asked === "by itself");
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
                    {kind.name}
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
