import { useEffect, useState } from "preact/hooks";
import { ApiError, type Client } from "../../shared/api";
import { date, number, plural, t } from "../../shared/i18n";
import type { Brand } from "../../shared/types";
import { Skeleton } from "../../shared/ui";
import type { DryRun, RuleBody } from "./types";
import { changesWords, type Names } from "./words";

interface DryRunViewProps {
  client: Client;
  brand: Brand;
  body: RuleBody;
  names: Names;
}

/** What a rule would have done in the last 30 days; nothing is changed by looking. */
export function DryRunView({ client, brand, body, names }: DryRunViewProps) {
  const [found, setFound] = useState<DryRun>();
  const [error, setError] = useState<ApiError>();
  const asked = JSON.stringify(body);
  useEffect(() => {
    let gone = false;
    setFound(undefined);
    setError(undefined);
    client.post<DryRun>("/rules/dry-run", { brand_id: brand.id, ...JSON.parse(asked) }).then(
      (answer) => gone || setFound(answer),
      (problem: unknown) => gone || setError(problem instanceof ApiError ? problem : new ApiError(0, "internal", "")),
    );
    return () => {
      gone = true;
    };
  }, [client, brand.id, asked]);
  if (error) {
    return (
      <p class="wrong" role="alert">
        {error.text}
      </p>
    );
  }
  if (!found) return <Skeleton rows={2} />;
  return (
    <div class="stack rules-dry" role="status">
      <p>
        <b>{plural("rules_dry_matched", found.then)}</b>{" "}
        {t(found.more ? "rules_dry_of_newest" : "rules_dry_of", { n: number(found.looked_at) })}
      </p>
      {Object.keys(found.would).length > 0 && (
        <p class="small muted">
          {Object.entries(found.would)
            .map(([what, n]) => t("rules_dry_would", { what: t(`rules_would_${what}`), n: number(n) }))
            .join(" · ")}
        </p>
      )}
      {found.examples.length > 0 && (
        <ul class="rules-examples">
          {found.examples.map(({ mention, branch, changes }) => (
            <li key={mention.id}>
              <p class="cut">{mention.title || mention.text || mention.url}</p>
              <p class="small muted">
                {[mention.author, date(mention.at), branch === "else" && t("rules_else"), changesWords(changes, names)]
                  .filter(Boolean)
                  .join(" · ")}
              </p>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
