import { Bell, Hash, Mail, MessageCircle, Pause, Pencil, Play, Send, Trash2, Webhook } from "lucide";
import { useState } from "preact/hooks";
import type { Client } from "../../shared/api";
import { ago, t } from "../../shared/i18n";
import { switchNotices } from "../../shared/notices";
import type { Brand } from "../../shared/types";
import { Button, Chip, Icon, IconButton, Skeleton, useLoad } from "../../shared/ui";
import { may } from "../page";
import { ChannelForm } from "./channel_form";
import { ThisBrowser } from "./this_browser";
import type { Channel, ChannelKind, Tested } from "./types";
import { said, whereTo } from "./words";

const ICONS: Record<string, typeof Bell> = {
  browser: Bell,
  email: Mail,
  webhook: Webhook,
  slack: Hash,
  discord: MessageCircle,
  telegram: Send,
  ntfy: Bell,
};

interface ChannelsProps {
  client: Client;
  brand: Brand;
  channels: Channel[] | undefined;
  act: (work: () => Promise<unknown>, said?: string) => Promise<void>;
  remove: (path: string, name: string) => Promise<void>;
}

/** Where alerts go: each with a test that says in words what happened. */
export function Channels({ client, brand, channels, act, remove }: ChannelsProps) {
  const kinds = useLoad(async () => (await client.get<{ items: ChannelKind[] }>("/channels/kinds")).items, [client]);
  const [editing, setEditing] = useState("");
  const [adding, setAdding] = useState("");
  const [tested, setTested] = useState<Record<string, Tested | "busy">>({});
  const [secret, setSecret] = useState("");
  const owner = may(brand, "owner");
  const test = (channel: Channel) => {
    if (channel.kind === "browser") void switchNotices(true);
    setTested((old) => ({ ...old, [channel.id]: "busy" }));
    void act(async () => {
      try {
        const answer = await client.post<Tested>(`/channels/${channel.id}/test`);
        setTested((old) => ({ ...old, [channel.id]: answer }));
      } catch (error) {
        setTested(({ [channel.id]: _gone, ...rest }) => rest);
        throw error;
      }
    });
  };
  const saved = (made: Channel) => {
    setEditing("");
    setAdding("");
    setSecret(made.signing_secret ?? "");
    void act(async () => undefined, t("channel_saved"));
  };
  const kindOf = (name: string) => kinds.value?.find(({ kind }) => kind === name);
  return (
    <section class="stack">
      <h2>{t("channels")}</h2>
      <ThisBrowser />
      {!channels && <Skeleton rows={2} />}
      {secret && (
        <div class="note">
          <div class="grow">
            <p>{t("channel_signing_secret")}</p>
            <code class="alerts-secret">{secret}</code>
          </div>
        </div>
      )}
      {channels && channels.length > 0 && (
        <ul class="card alerts-list">
          {channels.map((channel) => {
            const kind = kindOf(channel.kind);
            if (editing === channel.id && kind) {
              return (
                <li key={channel.id}>
                  <ChannelForm
                    client={client}
                    brand={brand}
                    kind={kind}
                    channel={channel}
                    onSaved={saved}
                    onCancel={() => setEditing("")}
                  />
                </li>
              );
            }
            const answer = tested[channel.id];
            const mine = channel.kind === "browser" ? may(brand, "editor") : owner;
            return (
              <li key={channel.id} class="alerts-row">
                <Icon icon={ICONS[channel.kind] ?? Bell} />
                <div class="grow">
                  <p class="row">
                    <b class="cut">{channel.kind === "browser" ? t("channel_kind_browser") : channel.name}</b>
                    {channel.paused && <Chip tone="warn">{t("listening_paused")}</Chip>}
                    {channel.state === "failing" && <Chip tone="bad">{t("channel_failing")}</Chip>}
                  </p>
                  <p class="small muted">
                    {[
                      channel.kind === "browser" ? t("channel_browser_text") : t(`channel_kind_${channel.kind}`),
                      whereTo(channel),
                      channel.sent_at && t("channel_sent", { ago: ago(channel.sent_at) }),
                    ]
                      .filter(Boolean)
                      .join(" · ")}
                  </p>
                  {channel.state === "failing" && !answer && <p class="small bad">{said(channel.error_code)}</p>}
                  <p class="small alerts-tested" role="status">
                    {answer === "busy" && t("channel_testing")}
                    {answer && answer !== "busy" && (
                      <span class={answer.ok && answer.code === "sent" ? "good" : answer.ok ? "warn" : "bad"}>
                        {said(channel.kind === "browser" ? "browser" : answer.code)}
                        {answer.message && <code> {answer.message}</code>}
                      </span>
                    )}
                  </p>
                </div>
                {mine && (
                  <span class="row">
                    <Button busy={answer === "busy"} onClick={() => test(channel)}>
                      {t("channel_test")}
                    </Button>
                    {channel.kind !== "browser" && (
                      <IconButton icon={Pencil} label={t("listening_edit")} onClick={() => setEditing(channel.id)} />
                    )}
                    <IconButton
                      icon={channel.paused ? Play : Pause}
                      label={t(channel.paused ? "listening_resume" : "listening_pause")}
                      onClick={() =>
                        void act(() =>
                          client.patch(`/channels/${channel.id}`, {
                            paused: !channel.paused,
                            version: channel.version,
                          }),
                        )
                      }
                    />
                    <IconButton
                      icon={Trash2}
                      label={t("listening_remove")}
                      onClick={() => void remove(`/channels/${channel.id}`, channel.name)}
                    />
                  </span>
                )}
              </li>
            );
          })}
        </ul>
      )}
      {owner && !adding && (
        <div class="row wrap">
          <span class="muted">{t("channels_add")}</span>
          {kinds.value
            ?.filter(({ kind }) => kind !== "browser")
            .map(({ kind }) => (
              <Button key={kind} icon={ICONS[kind] ?? Bell} onClick={() => setAdding(kind)}>
                {t(`channel_kind_${kind}`)}
              </Button>
            ))}
        </div>
      )}
      {adding && kindOf(adding) && (
        <div class="card">
          <ChannelForm
            client={client}
            brand={brand}
            kind={kindOf(adding)!}
            like={channels?.find(({ kind }) => kind === adding && adding === "email")}
            onSaved={saved}
            onCancel={() => setAdding("")}
          />
        </div>
      )}
      {!owner && <p class="small muted">{t("channels_owner")}</p>}
    </section>
  );
}
