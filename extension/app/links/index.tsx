/** Short links: make one, see them all; `?id=…` is one link with its statistics. */
import { Copy, Link2, Trash2, Unplug } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { ApiError } from "../../shared/api";
import { ago, number, t } from "../../shared/i18n";
import type { Page } from "../../shared/types";
import { Button, copyText, Empty, IconButton, Skeleton, toast, undoable, useLoad } from "../../shared/ui";
import { may, type PageProps } from "../page";
import { AddressBanner } from "./banner";
import { Create } from "./create";
import { LinkPage } from "./stats";
import { type LinkRow, type PublicAddress, shownUrl, withoutScheme } from "./types";
import "./links.css";

export function LinksPage({ client, brand, params, setParams }: PageProps) {
  const [more, setMore] = useState<{ items: LinkRow[]; cursor: string | null }>({ items: [], cursor: null });
  const read = (cursor: string | null) =>
    client.get<Page<LinkRow>>("/links", { brand_id: brand.id, limit: 50, cursor });
  const list = useLoad(async () => {
    const page = await read(null);
    setMore({ items: [], cursor: page.next_cursor });
    return page.items;
  }, [client, brand.id]);
  const address = useLoad(() => client.get<PublicAddress>("/public-address"), [client]);
  const editor = may(brand, "editor");
  useEffect(
    () =>
      client.onChange((kinds) => {
        if (kinds.some((kind) => /^(link\.|clicks$|$)/.test(kind))) list.reload();
        if (kinds.some((kind) => /^(public_address|$)/.test(kind))) address.reload();
      }),
    [client],
  );
  const items = list.value
    ? [...list.value, ...more.items.filter(({ id }) => !list.value!.some((one) => one.id === id))]
    : [];

  // A link that is not on the pages read so far is asked for by itself.
  const found = items.find(({ id }) => id === params.id);
  const one = useLoad(
    async () => (params.id && !found ? client.get<LinkRow>(`/links/${encodeURIComponent(params.id)}`) : undefined),
    [client, params.id, Boolean(found)],
  );
  const link = found ?? (one.value?.id === params.id ? one.value : undefined);
  const replace = (changed: LinkRow) => {
    list.set((list.value ?? []).map((other) => (other.id === changed.id ? { ...other, ...changed } : other)));
    if (one.value?.id === changed.id) one.set(changed);
  };
  const remove = async (gone: LinkRow) => {
    if (params.id) setParams({});
    list.set((list.value ?? []).filter(({ id }) => id !== gone.id));
    setMore((old) => ({ ...old, items: old.items.filter(({ id }) => id !== gone.id) }));
    try {
      await client.del(`/links/${gone.id}`);
      undoable(t("links_deleted", { name: gone.title || withoutScheme(shownUrl(gone)) }), () => {
        void client.post(`/links/${gone.id}/restore`).then(list.reload, complain);
      });
    } catch (error) {
      list.reload();
      complain(error);
    }
  };
  const next = async () => {
    const { cursor } = more;
    const page = await read(cursor).catch(complain);
    // Read again from its top meanwhile, or pressed twice: this page has no place behind what is shown now.
    if (!page) return;
    setMore((now) =>
      now.cursor === cursor ? { items: [...now.items, ...page.items], cursor: page.next_cursor } : now,
    );
  };

  if (params.id) {
    return (
      <section class="page links-all">
        {link ? (
          <LinkPage
            client={client}
            link={link}
            editor={editor}
            onBack={() => setParams({})}
            onChanged={replace}
            onDelete={() => void remove(link)}
          />
        ) : one.error ? (
          <Empty icon={Unplug} title={t(one.error.status === 404 ? "links_gone" : "inbox_away_title")}>
            <p>{one.error.text}</p>
            <Button onClick={() => setParams({})}>{t("links_back")}</Button>
          </Empty>
        ) : (
          <Skeleton rows={5} />
        )}
      </section>
    );
  }
  return (
    <section class="page stack links-all">
      <h1>{t("links_page")}</h1>
      <AddressBanner client={client} address={address.value} onChecked={address.reload} />
      {editor && <Create client={client} brand_id={brand.id} url={params.url ?? ""} onMade={list.reload} />}
      {list.error && !list.value && (
        <Empty icon={Unplug} title={t("inbox_away_title")}>
          <p>{list.error.text}</p>
          <Button onClick={list.reload}>{t("inbox_retry")}</Button>
        </Empty>
      )}
      {!list.value && !list.error && <Skeleton rows={5} />}
      {list.value && items.length === 0 && (
        <Empty icon={Link2} title={t("links_none")}>
          <p>{t("links_none_text")}</p>
        </Empty>
      )}
      {items.length > 0 && (
        <ul class="links-list">
          {items.map((row) => (
            <Row
              key={row.id}
              link={row}
              editor={editor}
              onOpen={() => setParams({ id: row.id })}
              onDelete={() => void remove(row)}
            />
          ))}
        </ul>
      )}
      {more.cursor && (
        <p>
          <Button onClick={() => void next()}>{t("compose_more")}</Button>
        </p>
      )}
    </section>
  );
}

interface RowProps {
  link: LinkRow;
  editor: boolean;
  onOpen: () => void;
  onDelete: () => void;
}

function Row({ link, editor, onOpen, onDelete }: RowProps) {
  const shown = shownUrl(link);
  const name = link.title || withoutScheme(link.url);
  const apart = [
    link.previews ? t("links_n_previews", { n: link.previews }) : "",
    link.robots ? t("links_n_robots", { n: link.robots }) : "",
  ].filter(Boolean);
  return (
    <li>
      <button type="button" class="links-row" onClick={onOpen}>
        <span class="links-name">
          <span class="cut">{name}</span>
          <span class="cut small">
            {link.public ? (
              <span class="links-code">{withoutScheme(link.short_url)} · </span>
            ) : (
              link.title && `${withoutScheme(shown)} · `
            )}
            <span class="faint">{ago(link.created_at)}</span>
          </span>
        </span>
        {link.people !== undefined && (
          <span class="links-clicks">
            <span>
              <b>{number(link.people)}</b> <span class="small muted">{t("links_people_short")}</span>
            </span>
            <span class="small faint">{apart.join(", ")}</span>
          </span>
        )}
      </button>
      <IconButton
        icon={Copy}
        label={t("links_copy_of", { name })}
        onClick={() => void copyText(shown, t("links_copied"))}
      />
      {editor && <IconButton icon={Trash2} label={t("links_delete_of", { name })} onClick={onDelete} />}
    </li>
  );
}

function complain(error: unknown): undefined {
  toast(error instanceof ApiError ? error.text : t("error_internal"));
  return undefined;
}
