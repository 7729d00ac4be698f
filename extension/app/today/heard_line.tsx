import { useEffect } from "preact/hooks";
import type { Client } from "../../shared/api";
import { t } from "../../shared/i18n";
import type { Brand, SourceKind } from "../../shared/types";
import { useLoad } from "../../shared/ui";
import type { PageProps } from "../page";

/** What is heard by itself, by the round, and not at all: said below the day's work, with the reasons one click away. */
export function HeardLine({ client, brand, go }: { client: Client; brand: Brand; go: PageProps["go"] }) {
  const kinds = useLoad(
    async () => (await client.get<{ items: SourceKind[] }>("/sources/kinds", { brand_id: brand.id })).items,
    [client, brand.id],
  );
  useEffect(
    () => client.onChange((changed) => changed.some((kind) => /^(round\.|$)/.test(kind)) && kinds.reload()),
    [client],
  );
  if (!kinds.value) return null;
  const named = (asked: SourceKind["asked"]) => (kinds.value ?? []).filter((kind) => kind.asked === asked);
  const names = (some: SourceKind[]) => [...new Set(some.map(({ name }) => name))].join(", ");
  const [itself, round, not] = [named("by itself"), named("by the round"), named("cannot")];
  const words = [
    t("today_heard", { n: new Set(itself.map(({ name }) => name)).size }),
    round.length > 0 && t("today_heard_round", { names: names(round) }),
    not.length > 0 && t("today_heard_not", { names: names(not) }),
  ].filter(Boolean);
  return (
    <p>
      <button type="button" class="btn ghost today-heard" onClick={() => go("listening", { show: "coverage" })}>
        {words.join(" · ")}
      </button>
    </p>
  );
}
