import { MousePointerClick } from "lucide";
import { useEffect, useRef } from "preact/hooks";
import { ApiError } from "../../shared/api";
import { date, t } from "../../shared/i18n";
import { Button, Chip, Empty, Skeleton, toast, undoable, useLoad } from "../../shared/ui";
import { may, type PageProps } from "../page";
import { Unread } from "../unread";

interface Taught {
  id: string;
  host: string;
  adapter: Record<string, unknown>;
  counts: boolean;
  own: boolean;
  by: string;
  approved_by: string;
  approved_at: string | null;
  created_at: string;
}

interface Served {
  id: string;
  name: string;
  version: string;
}

/** What Entregent knows of sites beside what came with it: taught by pointing, shared as a file, or of the administrator. */
export function SitesPart({ client, brand }: PageProps) {
  const sites = useLoad(
    () => client.get<{ items: Taught[]; served: Served[] }>("/adapters", { brand_id: brand.id }),
    [client, brand.id],
  );
  const file = useRef<HTMLInputElement>(null);
  useEffect(() => client.onChange((kinds) => kinds.some((k) => /^(adapter\.|$)/.test(k)) && sites.reload()), [client]);

  const attempt = async (run: () => Promise<unknown>, said: string, undo?: () => Promise<unknown>) => {
    try {
      await run();
      if (undo) undoable(said, () => void attempt(undo, t("settings_site_back")));
      else toast(said);
    } catch (error) {
      toast(error instanceof ApiError ? error.text : t("error_internal"));
    }
    sites.reload();
  };
  const bringIn = async () => {
    const chosen = file.current?.files?.[0];
    if (!chosen) return;
    let adapter: { hosts?: unknown } | undefined;
    try {
      adapter = JSON.parse(await chosen.text());
    } catch {}
    if (file.current) file.current.value = "";
    const [host] = Array.isArray(adapter?.hosts) ? adapter.hosts : [];
    if (typeof host !== "string") {
      toast(t("settings_site_no_file", { name: chosen.name }));
      return;
    }
    const name = host.replace(/^\*\./, "");
    await attempt(
      () => client.post("/adapters", { brand_id: brand.id, host: name, adapter }),
      t("settings_site_in", { host: name }),
    );
  };

  if (!sites.value) {
    return sites.error ? <Unread error={sites.error} onRetry={sites.reload} /> : <Skeleton rows={3} />;
  }
  const { items, served } = sites.value;
  const owner = may(brand, "owner");
  return (
    <div class="stack">
      <p class="muted">{t("settings_sites_text")}</p>
      {items.length === 0 && (
        <Empty icon={MousePointerClick} title={t("settings_no_sites")}>
          <p>{t("settings_no_sites_text")}</p>
        </Empty>
      )}
      <ul class="settings-list">
        {items.map((one) => (
          <li key={one.id} class="row wrap">
            <div class="grow">
              <b>{one.host}</b>{" "}
              {one.approved_at ? (
                <Chip tone="good">{t("settings_site_approved")}</Chip>
              ) : (
                <Chip tone="accent">{t(one.own ? "settings_site_yours" : "settings_site_waits")}</Chip>
              )}
              <p class="small muted">
                {t("settings_site_by", { name: one.by || t("inbox_somebody"), day: date(one.created_at) })}
                {one.approved_by && ` · ${t("settings_site_approved_by", { name: one.approved_by })}`}
              </p>
            </div>
            {owner && !one.approved_at && (
              <Button
                onClick={() =>
                  void attempt(
                    () => client.post(`/adapters/${one.id}/approve`),
                    t("settings_site_approved_now", { host: one.host }),
                    () => client.post(`/adapters/${one.id}/withdraw`),
                  )
                }
              >
                {t("settings_site_approve")}
              </Button>
            )}
            {owner && one.approved_at && (
              <Button
                kind="ghost"
                onClick={() =>
                  void attempt(
                    () => client.post(`/adapters/${one.id}/withdraw`),
                    t("settings_site_withdrawn", { host: one.host }),
                    () => client.post(`/adapters/${one.id}/approve`),
                  )
                }
              >
                {t("settings_site_withdraw")}
              </Button>
            )}
            <Button kind="ghost" onClick={() => saveFile(one)}>
              {t("settings_site_export")}
            </Button>
            {(one.own || owner) && (
              <Button
                kind="ghost"
                onClick={() =>
                  void attempt(
                    () => client.del(`/adapters/${one.id}`),
                    t("settings_site_removed", { host: one.host }),
                    () => client.post(`/adapters/${one.id}/restore`),
                  )
                }
              >
                {t("settings_site_remove")}
              </Button>
            )}
          </li>
        ))}
        {served.map(({ id, name, version }) => (
          <li key={`served ${id}`} class="row wrap">
            <div class="grow">
              <b>{name}</b> <Chip>{t("settings_site_served")}</Chip>
              <p class="small muted">{t("settings_site_version", { day: date(version) })}</p>
            </div>
          </li>
        ))}
      </ul>
      {may(brand, "contributor") && (
        <div>
          <Button onClick={() => file.current?.click()}>{t("settings_site_import")}</Button>
          <input
            ref={file}
            type="file"
            accept="application/json,.json"
            hidden
            aria-label={t("settings_site_import")}
            onChange={() => void bringIn()}
          />
        </div>
      )}
    </div>
  );
}

/** The adapter as a file, as the next one takes it in. */
function saveFile({ host, adapter }: Taught): void {
  const link = document.createElement("a");
  const blob = new Blob([`${JSON.stringify(adapter, null, 2)}\n`], { type: "application/json" });
  link.href = URL.createObjectURL(blob);
  link.download = `${host}.entregent.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
