import { Puzzle } from "lucide";
import { useEffect } from "preact/hooks";
import { ApiError } from "../../shared/api";
import { ago, t } from "../../shared/i18n";
import type { Device } from "../../shared/types";
import { Button, Chip, Empty, FinalButton, Skeleton, toast, useLoad } from "../../shared/ui";
import type { PageProps } from "../page";
import { Unread } from "../unread";

/** Browsers and programs that are let in. Each can be shut out at once. */
export function DevicesPart({ client, go }: PageProps) {
  const devices = useLoad(
    async () => (await client.get<{ items: (Device & { this_one: boolean })[] }>("/devices")).items,
    [client],
  );
  useEffect(() => client.onChange((kinds) => kinds.some((k) => /^(device\.|$)/.test(k)) && devices.reload()), [client]);
  const revoke = async (device: Device) => {
    try {
      await client.del(`/devices/${device.id}`);
      toast(t("settings_revoked", { name: device.name }));
    } catch (error) {
      toast(error instanceof ApiError ? error.text : t("error_internal"));
    }
    devices.reload();
  };
  if (!devices.value && !devices.error) return <Skeleton rows={3} />;
  return (
    <div class="stack">
      <Unread error={devices.value ? undefined : devices.error} onRetry={devices.reload} />
      {devices.value?.length === 0 && (
        <Empty icon={Puzzle} title={t("settings_no_devices")}>
          <p>{t("settings_no_devices_text")}</p>
        </Empty>
      )}
      <ul class="settings-list">
        {devices.value?.map((device) => (
          <li key={device.id} class="row wrap">
            <div class="grow">
              <b>{device.name}</b> {device.this_one && <Chip tone="accent">{t("settings_this_one")}</Chip>}
              <p class="small muted">
                {t(`settings_device_${device.kind}`)} ·{" "}
                {device.last_used_at ? t("settings_used", { ago: ago(device.last_used_at) }) : t("settings_never_used")}
              </p>
            </div>
            <FinalButton question={t("settings_revoke_sure")} onSure={() => void revoke(device)}>
              {t("settings_revoke")}
            </FinalButton>
          </li>
        ))}
      </ul>
      <div>
        <Button onClick={() => go("welcome", { step: "extension" })}>{t("settings_pair_another")}</Button>
      </div>
    </div>
  );
}
