/** Alerts: what one wants to hear of, where it goes, and what did not arrive. */
import { Bell, Plus } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { ApiError } from "../../shared/api";
import { t } from "../../shared/i18n";
import type { Keyword, Page } from "../../shared/types";
import { Button, Empty, Skeleton, toast, undoable, useKeys, useLoad } from "../../shared/ui";
import { everyOne } from "../every";
import { may, type PageProps } from "../page";
import { Unread } from "../unread";
import { AlertForm } from "./alert_form";
import { AlertRow } from "./alert_row";
import { Channels } from "./channels";
import { DeadLetters } from "./dead_letters";
import { Latest } from "./latest";
import type { Alert, Channel, Message } from "./types";
import "./alerts.css";

const NEW = "new";

export function AlertsPage({ client, brand, params, setParams }: PageProps) {
  const query = { brand_id: brand.id };
  const alerts = useLoad(async () => (await client.get<Page<Alert>>("/alerts", query)).items, [client, brand.id]);
  const channels = useLoad(async () => (await client.get<Page<Channel>>("/channels", query)).items, [client, brand.id]);
  const keywords = useLoad((signal) => everyOne<Keyword>(client, "/keywords", query, signal), [client, brand.id]);
  const searches = useLoad(
    async () => (await client.get<{ items: { id: string; name: string }[] }>("/searches", query)).items,
    [client, brand.id],
  );
  const dead = useLoad(
    (signal) => everyOne<Message>(client, "/messages", { ...query, state: "dead" }, signal),
    [client, brand.id],
  );
  const [editing, setEditing] = useState("");
  useEffect(() => {
    if (params.keyword || params.search) setEditing(NEW);
  }, [params.keyword, params.search]);
  useEffect(
    () =>
      client.onChange((kinds) => {
        const about = (subject: RegExp) => kinds.some((kind) => subject.test(kind));
        if (about(/^(alert\.|mention\.|message\.|$)/)) alerts.reload();
        if (about(/^(channel\.|$)/)) channels.reload();
        if (about(/^(keyword\.|$)/)) keywords.reload();
        if (about(/^(search\.|$)/)) searches.reload();
        if (about(/^(message\.|$)/)) dead.reload();
      }),
    [client],
  );
  const editor = may(brand, "editor");
  useKeys(editor ? [{ key: "n", label: t("alerts_new"), run: () => !editing && setEditing(NEW) }] : [], [editor]);

  const act = async (work: () => Promise<unknown>, words?: string) => {
    try {
      await work();
      if (words) toast(words);
    } catch (error) {
      toast(error instanceof ApiError ? error.text : t("error_internal"));
    }
    alerts.reload();
    channels.reload();
    dead.reload();
  };
  const remove = (path: string, name: string) =>
    act(async () => {
      await client.del(path);
      undoable(t("listening_removed", { name }), () => void act(() => client.post(`${path}/restore`)));
    });
  const close = () => {
    setEditing("");
    if (params.keyword || params.search) setParams({});
  };
  const saved = () => {
    close();
    void act(async () => undefined, t("alerts_saved"));
  };
  const failed = [alerts, channels, keywords, searches, dead].filter(({ value, error }) => error && !value);
  const form = (alert?: Alert) => (
    <AlertForm
      client={client}
      brand={brand}
      alert={alert}
      keyword={params.keyword ?? ""}
      search={params.search ?? ""}
      keywords={keywords.value ?? []}
      searches={searches.value ?? []}
      channels={channels.value ?? []}
      onSaved={saved}
      onCancel={close}
    />
  );
  return (
    <section class="page alerts">
      <header class="row wrap">
        <h1 class="grow">{t("app_alerts")}</h1>
        {editor && editing !== NEW && (
          <Button kind="primary" icon={Plus} shortcut="n" onClick={() => setEditing(NEW)}>
            {t("alerts_new")}
          </Button>
        )}
      </header>
      <DeadLetters messages={dead.value ?? []} editor={editor} act={act} client={client} />
      {editor && editing === NEW && channels.value && keywords.value && searches.value && (
        <div class="card">{form()}</div>
      )}
      <section class="stack">
        {alerts.loading && !alerts.value && <Skeleton rows={3} />}
        <Unread error={failed[0]?.error} onRetry={() => failed.forEach(({ reload }) => void reload())} />
        {alerts.value?.length === 0 && editing !== NEW && (
          <div class="card">
            <Empty icon={Bell} title={t("alerts_none")}>
              <p>{t("alerts_none_text")}</p>
            </Empty>
          </div>
        )}
        {alerts.value && alerts.value.length > 0 && (
          <ul class="card alerts-list">
            {alerts.value.map((alert) =>
              editing === alert.id ? (
                <li key={alert.id}>{form(alert)}</li>
              ) : (
                <AlertRow
                  key={alert.id}
                  alert={alert}
                  brand={brand}
                  channels={channels.value ?? []}
                  editor={editor}
                  client={client}
                  act={act}
                  onEdit={() => setEditing(alert.id)}
                  onRemove={() => void remove(`/alerts/${alert.id}`, alert.name)}
                />
              ),
            )}
          </ul>
        )}
      </section>
      <Channels client={client} brand={brand} channels={channels.value} act={act} remove={remove} />
      <Latest client={client} brand={brand} turn={dead.value} />
    </section>
  );
}
