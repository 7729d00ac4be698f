import { Download } from "lucide";
import { inExtension } from "../../shared/browser";
import { moment, t } from "../../shared/i18n";
import { Icon } from "../../shared/ui";
import type { PageProps } from "../page";

/** The version, the worker's sign of life, a copy of everything. */
export function AboutPart({ me, status }: PageProps) {
  return (
    <div class="stack settings-form">
      <p>{t("settings_version", { version: me.server.version })}</p>
      <p class={status?.worker_seen_at ? "" : "wrong"}>
        {status?.worker_seen_at
          ? t("settings_worker_seen", { at: moment(status.worker_seen_at) })
          : t("settings_worker_never")}
      </p>
      {me.server.admin && !inExtension && (
        <p>
          <a class="btn" href="/api/v1/backup" download>
            <Icon icon={Download} /> {t("settings_backup")}
          </a>
        </p>
      )}
      <p class="muted">{t("settings_backup_hint")}</p>
    </div>
  );
}
