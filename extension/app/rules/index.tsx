/** Rules: what happens to mentions by itself, in words; ready ones first, the builder after. */
import { ListChecks, Plus } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { ApiError } from "../../shared/api";
import { t } from "../../shared/i18n";
import type { Keyword, Page } from "../../shared/types";
import { Button, Empty, Skeleton, toast, undoable, useKeys, useLoad } from "../../shared/ui";
import type { Channel } from "../alerts/types";
import { everyOne } from "../every";
import { may, type PageProps } from "../page";
import { Unread } from "../unread";
import { Builder } from "./builder";
import { ReadyRules } from "./ready";
import { RuleRow } from "./rule_row";
import type { Ready, Rule } from "./types";
import type { Names } from "./words";
import "./rules.css";
import { teamOf, type WrittenMember } from "../inbox/team";

const NEW = "new";
const NOBODY: Names = { members: [], keywords: [], channels: [] };

export function RulesPage({ client, brand }: PageProps) {
  const query = { brand_id: brand.id };
  const rules = useLoad(async () => (await client.get<Page<Rule>>("/rules", query)).items, [client, brand.id]);
  const ready = useLoad(async () => {
    const { items } = await client.get<Page<Ready>>("/rules/ready", query);
    // The server says them in the brand's language; here they are read in the person's.
    return items.map((one) => ({ ...one, name: t(`rule_ready_${one.key}`) }));
  }, [client, brand.id]);
  const named = useLoad(async (): Promise<Names> => {
    const [members, keywords, channels] = await Promise.all([
      client.get<{ items: WrittenMember[] }>("/members"),
      everyOne<Keyword>(client, "/keywords", query),
      client.get<Page<Channel>>("/channels", query),
    ]);
    return { members: teamOf(members.items, brand.id), keywords, channels: channels.items };
  }, [client, brand.id]);
  const names = named.value ?? NOBODY;
  const [editing, setEditing] = useState<string | Ready>("");
  useEffect(
    () => client.onChange((kinds) => kinds.some((kind) => /^(rule\.|$)/.test(kind)) && rules.reload()),
    [client],
  );
  const editor = may(brand, "editor");
  useKeys(editor ? [{ key: "n", label: t("rules_new"), run: () => !editing && setEditing(NEW) }] : [], [editor]);

  const act = async (work: () => Promise<unknown>, words?: string) => {
    try {
      await work();
      if (words) toast(words);
    } catch (error) {
      toast(error instanceof ApiError ? error.text : t("error_internal"));
    }
    rules.reload();
  };
  const remove = (rule: Rule) =>
    act(async () => {
      await client.del(`/rules/${rule.id}`);
      undoable(
        t("listening_removed", { name: rule.name }),
        () => void act(() => client.post(`/rules/${rule.id}/restore`)),
      );
    });
  const up = (list: Rule[], at: number) => {
    const ids = list.map(({ id }) => id);
    [ids[at - 1], ids[at]] = [ids[at]!, ids[at - 1]!];
    void act(() => client.post("/rules/order", { ...query, ids }));
  };
  const builder = (from?: Rule | Ready) => (
    <Builder
      client={client}
      brand={brand}
      names={names}
      from={from}
      onSaved={() => {
        setEditing("");
        void act(async () => undefined, t("rules_saved"));
      }}
      onCancel={() => setEditing("")}
    />
  );
  const made = new Set(rules.value?.map((rule) => rule.ready));
  const failed = [rules, ready, named].filter(({ value, error }) => error && !value);
  const left = editor ? (ready.value ?? []).filter(({ key }) => !made.has(key)) : [];
  return (
    <section class="page rules">
      <header class="row wrap">
        <h1 class="grow">{t("app_rules")}</h1>
        {editor && !editing && (
          <Button kind="primary" icon={Plus} shortcut="n" onClick={() => setEditing(NEW)}>
            {t("rules_new")}
          </Button>
        )}
      </header>
      {editing === NEW && named.value && <div class="card">{builder()}</div>}
      {typeof editing === "object" && <div class="card">{builder(editing)}</div>}
      {rules.loading && !rules.value && <Skeleton rows={3} />}
      <Unread error={failed[0]?.error} onRetry={() => failed.forEach(({ reload }) => void reload())} />
      {rules.value?.length === 0 && !editing && (
        <div class="card">
          <Empty icon={ListChecks} title={t("rules_none")}>
            <p>{t("rules_none_text")}</p>
          </Empty>
        </div>
      )}
      {rules.value && rules.value.length > 0 && (
        <ul class="card rules-list">
          {rules.value.map((rule, at, list) =>
            editing === rule.id ? (
              <li key={rule.id}>{builder(rule)}</li>
            ) : (
              <RuleRow
                key={rule.id}
                client={client}
                rule={rule}
                names={names}
                editor={editor}
                first={at === 0}
                act={act}
                onEdit={() => setEditing(rule.id)}
                onRemove={() => void remove(rule)}
                onUp={() => up(list, at)}
              />
            ),
          )}
        </ul>
      )}
      {!editing && named.value && (
        <ReadyRules client={client} brand={brand} names={names} ready={left} act={act} onChange={setEditing} />
      )}
    </section>
  );
}
