/** What needs a person, in a fixed order: to answer, going out, needs care, what changed. Charts come after work. */
import { useEffect } from "preact/hooks";
import { moment, t } from "../../shared/i18n";
import type { NetworkAccount, Page } from "../../shared/types";
import { Button, useLoad } from "../../shared/ui";
import type { Channel } from "../alerts/types";
import type { Post } from "../compose/types";
import { useRoundPages } from "../listening/round";
import { useSources } from "../listening/sources/load";
import type { PageProps } from "../page";
import type { Rule } from "../rules/types";
import { NeedsCare } from "./care";
import { GoingOut } from "./going_out";
import { HeardLine } from "./heard_line";
import { ToAnswer } from "./to_answer";
import { WhatChanged } from "./what_changed";
import "./today.css";

export function TodayPage({ client, brand, status, go }: PageProps) {
  const posts = useLoad(async () => {
    const read = (wanted: string) =>
      // The server gives the latest first; what goes out next is at the end.
      client.get<Page<Post>>("/posts", { brand_id: brand.id, status: wanted, limit: 200 });
    const [scheduled, attention] = await Promise.all([read("scheduled"), read("attention")]);
    return { scheduled: scheduled.items, attention: attention.items };
  }, [client, brand.id]);
  const accounts = useLoad(
    async () => (await client.get<Page<NetworkAccount>>("/accounts", { brand_id: brand.id })).items,
    [client, brand.id],
  );
  const sources = useSources(client, brand.id, true);
  const channels = useLoad(
    async () => (await client.get<Page<Channel>>("/channels", { brand_id: brand.id })).items,
    [client, brand.id],
  );
  const rules = useLoad(
    async () => (await client.get<Page<Rule>>("/rules", { brand_id: brand.id })).items,
    [client, brand.id],
  );
  const round = useRoundPages(client, brand.id);
  useEffect(
    () =>
      client.onChange((kinds) => {
        const about = (subject: RegExp) => kinds.some((kind) => subject.test(kind));
        if (about(/^(post\.|delivery\.|$)/)) posts.reload();
        if (about(/^(account\.|$)/)) accounts.reload();
        if (about(/^(channel\.|$)/)) channels.reload();
        if (about(/^(rule\.|$)/)) rules.reload();
      }),
    [client],
  );
  const read = { ...sources, value: sources.whole ? sources.items : undefined };
  const needed = [posts, accounts, read, channels, rules, round];
  const failed = needed.filter(({ value, error }) => error && !value);
  return (
    <section class="page today">
      <header class="row wrap">
        <h1>{t("app_today")}</h1>
        <span class="chip">{moment(new Date(), brand.time_zone)}</span>
        <span class="grow" />
        <Button kind="primary" shortcut="w" onClick={() => go("compose", { id: "new" })}>
          {t("popup_write")}
        </Button>
      </header>
      <div class="today-columns">
        <div class="today-column">
          <ToAnswer client={client} brand={brand} go={go} />
          <WhatChanged client={client} brand={brand} go={go} />
        </div>
        <div class="today-column">
          <GoingOut posts={posts.value} error={posts.error} brand={brand} go={go} />
          <NeedsCare
            brand={brand}
            status={status}
            accounts={accounts.value ?? []}
            sources={sources.items}
            scheduled={posts.value?.scheduled ?? []}
            channels={channels.value ?? []}
            rules={rules.value ?? []}
            attention={posts.value?.attention ?? []}
            round={round.value ?? []}
            reading={!status || needed.some(({ value, error }) => !value && !error)}
            unread={failed.length > 0}
            onRetry={() => failed.forEach(({ reload }) => void reload())}
            go={go}
          />
        </div>
      </div>
      <HeardLine client={client} brand={brand} go={go} />
    </section>
  );
}
