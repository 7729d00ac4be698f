import { CalendarClock, CircleAlert, PenLine, Plus, Send, Trash2, Unplug } from "lucide";
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ApiError, type Client } from "../../shared/api";
import { ago, moment, plural, t } from "../../shared/i18n";
import type { Brand, Page } from "../../shared/types";
import { Button, Empty, Icon, IconButton, Skeleton, Tabs, toast, undoable, useKeys, useLoad } from "../../shared/ui";
import { safeHref } from "../inbox/row";
import { networkName } from "../inbox/who";
import { may } from "../page";
import { Deliveries, isMoving } from "./deliveries";
import { accountName } from "./pieces";
import type { Account, Post } from "./types";

const TABS = ["draft", "scheduled", "attention", "published"] as const;
type Tab = (typeof TABS)[number];
const ICONS = { draft: PenLine, scheduled: CalendarClock, attention: CircleAlert, published: Send };

interface ListProps {
  client: Client;
  brand: Brand;
  accounts: Account[];
  here: boolean;
  tab: string;
  onTab: (tab: string) => void;
  onOpen: (id: string) => void;
  onNew: () => void;
}

/** Everything written: drafts, what waits, what needs a person, what is out. */
export function PostList({ client, brand, accounts, here, tab: wanted, onTab, onOpen, onNew }: ListProps) {
  const tab: Tab = TABS.find((one) => one === wanted) ?? "draft";
  const [more, setMore] = useState<{ tab: Tab; items: Post[]; cursor: string | null }>({
    tab,
    items: [],
    cursor: null,
  });
  const [coming, setComing] = useState(false);
  const read = (cursor: string | null, signal?: AbortSignal) =>
    client.get<Page<Post>>("/posts", { brand_id: brand.id, status: tab, limit: 50, cursor }, signal);
  const list = useLoad(
    async (signal) => {
      const page = await read(null, signal);
      setMore({ tab, items: [], cursor: page.next_cursor });
      return { tab, items: page.items };
    },
    [client, brand.id, tab],
  );
  const needs = useLoad(
    () => client.get<Page<Post>>("/posts", { brand_id: brand.id, status: "attention", limit: 100 }),
    [client, brand.id],
  );
  const reload = () => {
    list.reload();
    needs.reload();
  };
  useEffect(
    () => client.onChange((kinds) => kinds.some((kind) => /^(post\.|delivery\.|$)/.test(kind)) && reload()),
    [client],
  );
  useKeys([{ key: "n", label: t("compose_write"), run: onNew }], []);

  const items = list.value?.tab === tab ? [...list.value.items, ...(more.tab === tab ? more.items : [])] : undefined;
  const missed = (needs.value?.items ?? []).filter((post) => post.deliveries.some(({ state }) => state === "held"));
  const remove = async (post: Post) => {
    try {
      await client.del(`/posts/${post.id}`);
      list.reload();
      undoable(t("compose_deleted"), () => {
        void client.post(`/posts/${post.id}/restore`).then(reload, complain);
      });
    } catch (error) {
      complain(error);
    }
  };
  const next = async () => {
    const { cursor } = more;
    setComing(true);
    const page = await read(cursor).catch(complain);
    setComing(false);
    if (!page) return;
    // Another tab, or this one read again from its top meanwhile: the page has no place behind what is shown now.
    setMore((now) =>
      now.tab === tab && now.cursor === cursor
        ? { tab, items: [...now.items, ...page.items], cursor: page.next_cursor }
        : now,
    );
  };
  const tabs = TABS.map((id) => ({
    id,
    label:
      id === "attention" && needs.value && needs.value.items.length > 0
        ? `${t("compose_tab_attention")} ${needs.value.items.length}`
        : t(`compose_tab_${id}`),
  }));
  return (
    <div class="stack compose-list">
      <header class="row">
        <h1 class="grow">{t("compose_posts")}</h1>
        <Button kind="primary" icon={Plus} shortcut="n" onClick={onNew}>
          {t("compose_write")}
        </Button>
      </header>
      {missed.length > 0 && tab !== "attention" && (
        <p class="note warn" role="status">
          <Icon icon={CircleAlert} />
          <span class="grow">{plural("compose_missed", missed.length)}</span>
          <Button onClick={() => onTab("attention")}>{t("compose_missed_see")}</Button>
        </p>
      )}
      <Tabs label={t("compose_posts")} chosen={tab} tabs={tabs} onChoose={onTab} controls="compose-posts" />
      <div id="compose-posts" role="tabpanel" aria-label={t(`compose_tab_${tab}`)} class="stack">
        {!items && !list.error && <Skeleton rows={4} />}
        {list.error && !items && (
          <Empty icon={Unplug} title={t("inbox_away_title")}>
            <p>{list.error.text}</p>
            <Button onClick={list.reload}>{t("inbox_retry")}</Button>
          </Empty>
        )}
        {items?.length === 0 && (
          <Empty icon={ICONS[tab]} title={t(`compose_none_${tab}`)}>
            <p>{t(`compose_none_${tab}_text`)}</p>
            {tab !== "attention" && (
              <Button kind="primary" onClick={onNew}>
                {t("compose_write")}
              </Button>
            )}
          </Empty>
        )}
        {items && items.length > 0 && (
          <ul class="compose-rows">
            {items.map((post) => (
              <PostRow
                key={post.id}
                post={post}
                accounts={accounts}
                zone={brand.time_zone}
                editor={may(brand, post.deliveries.length > 0 ? "editor" : "contributor")}
                onOpen={() => onOpen(post.id)}
                onDelete={() => void remove(post)}
              >
                {(tab === "attention" || post.deliveries.some(isMoving)) && (
                  <Deliveries
                    client={client}
                    deliveries={post.deliveries}
                    accounts={accounts}
                    zone={brand.time_zone}
                    here={here}
                    editor={may(brand, "editor")}
                    onChanged={reload}
                  />
                )}
              </PostRow>
            ))}
          </ul>
        )}
        {items && more.tab === tab && more.cursor && (
          <p>
            <Button busy={coming} onClick={() => void next()}>
              {t("compose_more")}
            </Button>
          </p>
        )}
      </div>
    </div>
  );
}

interface RowProps {
  post: Post;
  accounts: Account[];
  zone: string;
  editor: boolean;
  onOpen: () => void;
  onDelete: () => void;
  children: ComponentChildren;
}

function PostRow({ post, accounts, zone, editor, onOpen, onDelete, children }: RowProps) {
  const names = post.targets
    .map((id) => accounts.find((account) => account.id === id))
    .filter((one) => one !== undefined);
  const where = [...new Set(names.map(({ network }) => networkName(network)))].join(", ");
  const at = post.scheduled_for
    ? moment(post.scheduled_for, post.schedule?.zone ?? zone)
    : t("compose_written", { at: ago(post.created_at) });
  const text = post.text || Object.values(post.variants).find(({ text }) => text)?.text || t("compose_no_text");
  return (
    <li>
      <div class="row">
        <button type="button" class="compose-row grow" onClick={onOpen}>
          <span class="compose-row-text">{text}</span>
          <span class="small muted">
            {[at, where, post.created_by].filter(Boolean).join(" · ")}
            {post.media.length > 0 && ` · ${plural("compose_images", post.media.length)}`}
          </span>
        </button>
        {editor && (
          <IconButton
            icon={Trash2}
            label={t(post.status === "published" ? "compose_unlist" : "compose_delete_post")}
            onClick={onDelete}
          />
        )}
      </div>
      <Out post={post} accounts={accounts} />
      {children}
    </li>
  );
}

/** Where it can be seen. */
function Out({ post, accounts }: { post: Post; accounts: Account[] }) {
  const seen = post.deliveries.filter(({ state, remote_url }) => state === "published" && safeHref(remote_url));
  if (seen.length === 0) return null;
  const nameOf = (id: string) => {
    const account = accounts.find((one) => one.id === id);
    return account && accountName(account, accounts);
  };
  return (
    <p class="compose-out row wrap small">
      {seen.map(({ id, account_id, network, remote_url }) => (
        <a key={id} href={safeHref(remote_url)} target="_blank" rel="noopener noreferrer">
          {t("compose_see_on", { network: nameOf(account_id) ?? networkName(network) })}
        </a>
      ))}
    </p>
  );
}

function complain(error: unknown): undefined {
  toast(error instanceof ApiError ? error.text : t("error_internal"));
  return undefined;
}
