import { Copy, Eye, Pause, Pencil, Play, Rss, Trash2 } from "lucide";
import { useState } from "preact/hooks";
import { ApiError, type Client } from "../../shared/api";
import { t } from "../../shared/i18n";
import type { Brand } from "../../shared/types";
import { Button, Chip, copyText, Dialog, FinalButton, IconButton, Input, toast } from "../../shared/ui";
import type { Alert, Channel, Preview } from "./types";
import { nextWords, rhythmWords } from "./words";

interface AlertRowProps {
  alert: Alert;
  brand: Brand;
  channels: Channel[];
  editor: boolean;
  client: Client;
  act: (work: () => Promise<unknown>, said?: string) => Promise<void>;
  onEdit: () => void;
  onRemove: () => void;
}

/** One alert: of what, how soon, where, and when it speaks next. */
export function AlertRow({ alert, brand, channels, editor, client, act, onEdit, onRemove }: AlertRowProps) {
  const [preview, setPreview] = useState<Preview>();
  const [feed, setFeed] = useState(false);
  const where = channels
    .filter(({ id }) => alert.channel_ids.includes(id))
    .map(({ kind, name }) => (kind === "browser" ? t("channel_kind_browser") : name));
  if (alert.has_feed) where.push(t("alerts_feed"));
  const look = async () => {
    try {
      setPreview(await client.get<Preview>(`/alerts/${alert.id}/preview`));
    } catch (error) {
      toast(error instanceof ApiError ? error.text : t("error_internal"));
    }
  };
  return (
    <li class="alerts-row">
      <div class="grow">
        <p class="row">
          <b class="cut">
            {alert.keyword_id || alert.search_id ? alert.name : t("alerts_about_all", { brand: brand.name })}
          </b>
          {alert.paused && <Chip tone="warn">{t("listening_paused")}</Chip>}
        </p>
        <p class="small muted">
          {rhythmWords(alert)} · {where.length > 0 ? where.join(", ") : t("alerts_nowhere")}
          {alert.quiet_from && ` · ${t("alerts_quiet", { from: alert.quiet_from, until: alert.quiet_until })}`}
          {alert.proof && ` · ${t("alerts_proof_short")}`}
        </p>
        {nextWords(alert, brand) && <p class="small">{nextWords(alert, brand)}</p>}
      </div>
      <span class="row">
        <IconButton icon={Eye} label={t("alerts_preview")} onClick={() => void look()} />
        {editor && (
          <>
            <IconButton icon={Rss} label={t("alerts_feed")} onClick={() => setFeed(true)} />
            <IconButton
              icon={alert.paused ? Play : Pause}
              label={t(alert.paused ? "listening_resume" : "listening_pause")}
              onClick={() =>
                void act(() => client.patch(`/alerts/${alert.id}`, { paused: !alert.paused, version: alert.version }))
              }
            />
            <IconButton icon={Pencil} label={t("listening_edit")} onClick={onEdit} />
            <IconButton icon={Trash2} label={t("listening_remove")} onClick={onRemove} />
          </>
        )}
      </span>
      {preview && (
        <Dialog title={t("alerts_preview")} onClose={() => setPreview(undefined)}>
          {preview.html ? (
            <iframe class="alerts-letter" title={preview.title} sandbox="" srcdoc={preview.html} />
          ) : (
            <p class="muted">{t("alerts_preview_none")}</p>
          )}
        </Dialog>
      )}
      {feed && (
        <Dialog title={t("alerts_feed")} onClose={() => setFeed(false)}>
          <FeedAddresses alert={alert} client={client} act={act} />
        </Dialog>
      )}
    </li>
  );
}

function FeedAddresses({ alert, client, act }: Pick<AlertRowProps, "alert" | "client" | "act">) {
  const path = `/alerts/${alert.id}/feed`;
  const copy = (url: string) => copyText(url, t("inbox_copied"));
  if (!alert.feed) {
    return (
      <>
        <p>{t("alerts_feed_text")}</p>
        <div class="row">
          <Button kind="primary" icon={Rss} onClick={() => void act(() => client.post(path))}>
            {t("alerts_feed_make")}
          </Button>
        </div>
      </>
    );
  }
  const { atom, json_feed } = alert.feed;
  return (
    <>
      <p class="muted">{t("alerts_feed_secret")}</p>
      {[
        { name: "Atom", url: atom },
        { name: "JSON Feed", url: json_feed },
      ].map(({ name, url }) => (
        <div key={name} class="row alerts-address">
          <div class="grow">
            <Input label={name} value={url} onText={() => undefined} />
          </div>
          <IconButton icon={Copy} label={t("alerts_feed_copy", { name })} onClick={() => void copy(url)} />
        </div>
      ))}
      <div class="row wrap">
        <FinalButton question={t("alerts_feed_rotate_sure")} onSure={() => void act(() => client.post(path))}>
          {t("alerts_feed_rotate")}
        </FinalButton>
        <FinalButton question={t("alerts_feed_end_sure")} onSure={() => void act(() => client.del(path))}>
          {t("alerts_feed_end")}
        </FinalButton>
      </div>
    </>
  );
}
