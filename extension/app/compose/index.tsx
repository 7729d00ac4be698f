/** Writing: `#/compose` lists what there is, `#/compose?new=1`, `?text=…` or `?id=…` is the composer. */
import { CircleAlert, Unplug } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Client } from "../../shared/api";
import { inExtension } from "../../shared/browser";
import { nameOf, namesIn, sameAccount } from "../../shared/handles";
import { moment, t } from "../../shared/i18n";
import { getLocal } from "../../shared/storage";
import type { Page, Status } from "../../shared/types";
import { Button, Empty, Icon, Skeleton, useLoad } from "../../shared/ui";
import type { PageProps } from "../page";
import { Composer } from "./composer";
import type { Draft } from "./draft";
import { PostList } from "./list";
import type { Account, Delivery, Network, Post } from "./types";
import { nextHour } from "./wall";
import "./compose.css";

/** The worker shows itself every few seconds. */
const WORKER_GONE_MS = 120_000;

export function ComposePage({ client, brand, status, params: given_params, go, setParams }: PageProps) {
  const params = given_params.id === "new" ? { ...given_params, id: "", new: "1" } : given_params;
  const accounts = useLoad(() => readItems<Account>(client, "/accounts", brand.id), [client, brand.id]);
  const networks = useLoad(() => readItems<Network>(client, "/networks"), [client]);
  const here = useServerIsHere();
  // `turn` counts what was asked for: another address begins another composer.
  const [given, setGiven] = useState({ params, turn: 0 });
  // The id that a new draft got from us: the address then names the post that is on screen already.
  const own = useRef("");
  const asked = ["id", "delivery", "new", "text", "title", "url", "image0", "when"]
    .map((name) => params[name] ?? "")
    .join(" ");
  const before = useRef(asked);
  const composing = asked.trim() !== "";
  useEffect(() => {
    if (asked === before.current) return;
    before.current = asked;
    if (params.id && params.id === own.current) return;
    own.current = "";
    setGiven((old) => ({ params, turn: old.turn + 1 }));
  }, [asked]);
  const post = useLoad(
    async () => ({ turn: given.turn, post: await readPost(client, given.params) }),
    [client, given.turn],
  );
  const open = setParams;
  if (!accounts.value) {
    return (
      <section class="page compose-all">
        {accounts.error ? (
          <Empty icon={Unplug} title={t("inbox_away_title")}>
            <p>{accounts.error.text}</p>
            <Button onClick={accounts.reload}>{t("inbox_retry")}</Button>
          </Empty>
        ) : (
          <Skeleton rows={5} />
        )}
      </section>
    );
  }
  const can_publish = accounts.value;
  return (
    <section class="page compose-all">
      <WorkerNote status={status} />
      {!composing ? (
        <PostList
          client={client}
          brand={brand}
          accounts={can_publish}
          here={here}
          tab={params.tab ?? "draft"}
          onTab={(tab) => setParams({ tab })}
          onOpen={(id) => open({ id })}
          onNew={() => open({ new: "1" })}
        />
      ) : post.error ? (
        <Empty icon={Unplug} title={t(post.error.status === 404 ? "compose_gone" : "inbox_away_title")}>
          <p>{post.error.text}</p>
          <Button onClick={() => open({})}>{t("compose_all_posts")}</Button>
        </Empty>
      ) : post.value?.turn !== given.turn ? (
        <Skeleton rows={5} />
      ) : (
        <Composer
          key={given.turn}
          client={client}
          brand={brand}
          accounts={can_publish}
          networks={networks.value ?? []}
          post={post.value.post}
          start={startOf(given.params, can_publish, brand.time_zone)}
          images={imagesOf(given.params)}
          edit={given.params.edit === "1"}
          from={given.params.from ?? ""}
          here={here}
          onId={(id) => {
            own.current = id;
            if (id !== params.id) setParams({ id });
          }}
          onOpen={(id) => open({ id })}
          onBack={() => open({ ...(params.tab && { tab: params.tab }) })}
          onNew={() => open({ new: "1" })}
          go={go}
        />
      )}
    </section>
  );
}

/** Nothing goes out while the part of the server that sends does not run: said before somebody relies on it. */
function WorkerNote({ status }: { status: Status | null }) {
  if (!status) return null;
  const seen = status.worker_seen_at;
  if (seen && Date.now() - Date.parse(seen) < WORKER_GONE_MS) return null;
  return (
    <p class="note warn" role="status">
      <Icon icon={CircleAlert} />
      <span class="grow">{seen ? t("compose_worker_gone", { at: moment(seen) }) : t("compose_worker_never")}</span>
    </p>
  );
}

async function readItems<T>(client: Client, path: string, brand_id?: string): Promise<T[]> {
  return (await client.get<Page<T>>(path, brand_id ? { brand_id, limit: 200 } : {})).items;
}

/** The post that the address names, by its own id or by one of its deliveries. */
async function readPost(client: Client, params: Record<string, string>): Promise<Post | undefined> {
  if (params.id) return client.get<Post>(`/posts/${encodeURIComponent(params.id)}`);
  if (!params.delivery) return undefined;
  const delivery = await client.get<Delivery>(`/deliveries/${encodeURIComponent(params.delivery)}`);
  return client.get<Post>(`/posts/${delivery.post_id}`);
}

/** What a page handed over: its text and title, the address at the end; with `when=at` it shall be scheduled. */
function startOf(params: Record<string, string>, accounts: Account[], zone: string): Partial<Draft> {
  const { text = "", title = "", url = "" } = params;
  const words = [text || title, url && !text.includes(url) ? url : ""].filter(Boolean).join("\n");
  const when = params.when === "at" && {
    when: { when: "at" as const, at: nextHour(zone || "UTC"), zone: zone || "UTC" },
  };
  return { ...(words && { text: words }), targets: targetsOf(params, accounts), ...when };
}

/** The account that was in use where it was written, else those of that network, else all. */
function targetsOf({ network = "", account = "" }: Record<string, string>, accounts: Account[]): string[] {
  const ready = accounts.filter(({ state }) => state !== "unauthorized");
  const there = ready.filter((one) => one.network === network);
  const same = there.filter(({ handle }) =>
    namesIn(account).some((name) => sameAccount(nameOf(name, network), nameOf(handle, network), "") > 0),
  );
  const chosen = [same, there, ready].find((some) => some.length > 0) ?? [];
  return chosen.map(({ id }) => id);
}

const imagesOf = (params: Record<string, string>) =>
  [0, 1, 2, 3].map((n) => params[`image${n}`] ?? "").filter((url) => /^https?:/.test(url));

/** Whether the server runs on this computer, so that it must be awake when a post is due. */
function useServerIsHere(): boolean {
  const [here, setHere] = useState(!inExtension && isLoopback(location.hostname));
  useEffect(() => {
    if (inExtension) void getLocal("server").then((server) => setHere(isLoopback(new URL(server).hostname)));
  }, []);
  return here;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127\./.test(host);
}
