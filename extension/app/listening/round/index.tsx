/** The round: pages that people look at because no machine may. The list, what each visit brought, and what could be in it. */
import { Footprints, Plus } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import { ApiError, type Client } from "../../../shared/api";
import { inExtension } from "../../../shared/browser";
import { errorText, plural, t } from "../../../shared/i18n";
import type { RoundPage } from "../../../shared/round";
import { SendError, send } from "../../../shared/send";
import type { Brand } from "../../../shared/types";
import { Button, Input, type Loaded, toast, undoable, useLoad } from "../../../shared/ui";
import { may } from "../../page";
import { Offers } from "./offers";
import { PageRow } from "./page_row";
import "./round.css";

/** The brand's round, read again when anything of it changes. */
export function useRoundPages(client: Client, brand_id: string): Loaded<RoundPage[]> {
  const pages = useLoad(
    async () => (await client.get<{ items: RoundPage[] }>("/round", { brand_id })).items,
    [client, brand_id],
  );
  useEffect(
    () => client.onChange((kinds) => kinds.some((kind) => /^(round\.|$)/.test(kind)) && pages.reload()),
    [client],
  );
  return pages;
}

interface RoundSectionProps {
  client: Client;
  brand: Brand;
  pages: Loaded<RoundPage[]>;
  onHandles: () => void;
  /** Somebody came to see just this. */
  shown: boolean;
}

export function RoundSection({ client, brand, pages, onHandles, shown }: RoundSectionProps) {
  const all = pages.value ?? [];
  const editor = may(brand, "editor");
  const left = all.filter((page) => page.left).length;
  const act = async (work: () => Promise<unknown>) => {
    try {
      await work();
    } catch (error) {
      if (error instanceof ApiError) toast(error.text);
      else if (error instanceof SendError) toast(errorText(error.code, error.message));
      else throw error;
    }
    pages.reload();
  };
  const remove = (page: RoundPage) =>
    act(async () => {
      await client.del(`/round/${page.id}`);
      undoable(t("round_removed", { name: page.name }), () => void act(() => client.post(`/round/${page.id}/restore`)));
    });
  const move = (from: number, to: number) => {
    const ids = all.map(({ id }) => id);
    ids.splice(to, 0, ...ids.splice(from, 1));
    pages.set(ids.map((id) => all.find((page) => page.id === id)!));
    return act(() => client.post("/round/order", { brand_id: brand.id, ids }));
  };
  const change = (page: RoundPage, values: Partial<Pick<RoundPage, "name" | "remind_days">>) =>
    act(() => client.patch(`/round/${page.id}`, { ...values, version: page.version }));
  const start = (page_id?: string) => void act(() => send("round.start", { ...(page_id && { page_id }) }));
  const visits = inExtension && may(brand, "contributor");
  const place = useRef<HTMLElement>(null);
  useEffect(() => {
    if (shown && pages.value) place.current?.scrollIntoView({ block: "start" });
  }, [shown, Boolean(pages.value)]);
  return (
    <section class="stack" id="round" ref={place}>
      <header class="row wrap">
        <h2>{t("round_title")}</h2>
        {all.length > 0 && (
          <span class="small muted grow">
            {left > 0 ? plural("round_left", left, { of: all.length }) : t("round_all_seen")}
          </span>
        )}
        {visits && all.length > 0 && (
          <Button kind={left > 0 ? "primary" : "plain"} icon={Footprints} onClick={() => start()}>
            {t("popup_round_start")}
          </Button>
        )}
      </header>
      <p class="muted">
        {t("round_text")} {!inExtension && t("round_needs_extension")}
      </p>
      {pages.value && all.length === 0 && (
        <p>
          {t("round_none")} {editor && t("round_none_text")}
        </p>
      )}
      {pages.error && !pages.value && <p class="wrong">{pages.error.text}</p>}
      {all.length > 0 && (
        <ol class="card listening-list">
          {all.map((page, at) => (
            <PageRow
              key={page.id}
              page={page}
              editor={editor}
              visits={visits}
              first={at === 0}
              last={at === all.length - 1}
              onVisit={() => start(page.id)}
              onMove={(by) => void move(at, at + by)}
              onChange={(values) => void change(page, values)}
              onRemove={() => void remove(page)}
            />
          ))}
        </ol>
      )}
      {editor && pages.value && (
        <Offers client={client} brand={brand} first={all.length === 0} onAdded={pages.reload} onHandles={onHandles} />
      )}
      {editor && <PageForm client={client} brand={brand} onAdded={pages.reload} />}
    </section>
  );
}

/** Any address can be in the round. */
function PageForm({ client, brand, onAdded }: { client: Client; brand: Brand; onAdded: () => void }) {
  const [url, setUrl] = useState("");
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);
  const add = async (event: Event) => {
    event.preventDefault();
    if (busy || !url.trim()) return;
    setBusy(true);
    try {
      const { name } = await client.post<RoundPage>("/round", { brand_id: brand.id, url: url.trim() });
      setUrl("");
      toast(t("round_added", { name }));
      onAdded();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setWrong(error.textOf("url"));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form class="source-form" onSubmit={(event) => void add(event)}>
      <Input
        label={t("round_url")}
        hint={t("round_url_hint")}
        value={url}
        wrong={wrong}
        spellcheck={false}
        autocomplete="off"
        placeholder="https://"
        onText={(text) => {
          setUrl(text);
          setWrong("");
        }}
      />
      <Button type="submit" icon={Plus} busy={busy} disabled={!url.trim()}>
        {t("round_add")}
      </Button>
    </form>
  );
}
