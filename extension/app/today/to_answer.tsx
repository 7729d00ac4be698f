import { useEffect } from "preact/hooks";
import type { Client, Query } from "../../shared/api";
import { ago, t } from "../../shared/i18n";
import { openMention } from "../../shared/open";
import type { Brand, Mention, Page } from "../../shared/types";
import { Button, Chip, Skeleton, useLoad } from "../../shared/ui";
import { nameOf, whereOf } from "../inbox/who";
import type { PageProps } from "../page";
import { Card } from "./card";

const SHOWN = 5;

/** What waits for an answer first, then what else nobody has dealt with; newest first. */
export function ToAnswer({ client, brand, go }: { client: Client; brand: Brand; go: PageProps["go"] }) {
  const list = useLoad(async () => {
    const read = (which: Query) =>
      client.get<Page<Mention>>("/mentions", { brand_id: brand.id, ...which, group: "story", limit: SHOWN });
    const of = (status: string) => read({ status, about_us: "yes,no" });
    const pages = await Promise.all([read({ to_answer: true }), of("open"), of("new")]);
    return [...new Map(pages.flatMap(({ items }) => items.map((item) => [item.id, item] as const))).values()];
  }, [client, brand.id]);
  useEffect(
    () => client.onChange((kinds) => kinds.some((kind) => /^(mention\.|$)/.test(kind)) && list.reload()),
    [client],
  );
  const mentions = list.value ?? [];
  return (
    <Card title={t("today_to_answer")} {...(mentions.length > 0 && { said: t("today_newest_first") })}>
      {list.loading && !list.value && <Skeleton rows={3} />}
      {list.error && !list.value && <p class="muted">{list.error.text}</p>}
      {list.value && mentions.length === 0 && (
        <div class="today-nothing">
          <p>{t("today_nothing_to_answer")}</p>
          <Button kind="ghost" onClick={() => go("listening")}>
            {t("today_see_listening")}
          </Button>
        </div>
      )}
      <ul>
        {mentions.slice(0, SHOWN).map((mention) => (
          <li key={mention.id} class="today-row">
            <div>
              <b>{nameOf(mention)}</b> <span class="faint">{whereOf(mention)}</span>
              <p lang={mention.language === "und" ? undefined : mention.language}>{mention.text || mention.title}</p>
            </div>
            <div class="today-side">
              {mention.intent && <Chip tone="accent">{t(`inbox_intent_${mention.intent}`)}</Chip>}
              <span>{ago(mention.published_at ?? mention.seen_at)}</span>
              <Button
                onClick={() =>
                  mention.account_id
                    ? go("inbox", { mention: mention.id, answer: "1" })
                    : void openMention(mention.url, true)
                }
              >
                {t("inbox_answer")}
              </Button>
            </div>
          </li>
        ))}
      </ul>
      {mentions.length > SHOWN && (
        <Button kind="ghost" onClick={() => go("inbox")}>
          {t("today_all_in_inbox")}
        </Button>
      )}
    </Card>
  );
}
