import { useState } from "preact/hooks";
import { ApiError } from "../../shared/api";
import { moment, t } from "../../shared/i18n";
import type { PublicAddress } from "../../shared/types";
import { Button, Chip, Skeleton, toast, useLoad } from "../../shared/ui";
import type { PageProps } from "../page";

/** Where short links are opened from outside: set by an administrator, proved by our own visit. */
export function AddressPart({ client }: PageProps) {
  const address = useLoad(() => client.get<PublicAddress>("/public-address"), [client]);
  const [busy, setBusy] = useState(false);
  const check = async () => {
    setBusy(true);
    try {
      address.set(await client.post<PublicAddress>("/public-address/check"));
    } catch (error) {
      toast(error instanceof ApiError ? error.text : t("error_internal"));
    } finally {
      setBusy(false);
    }
  };
  if (address.error) return <p class="wrong">{address.error.text}</p>;
  if (!address.value) return <Skeleton rows={2} />;
  const { url, proved_at } = address.value;
  return (
    <div class="stack settings-form">
      <p>{t("settings_address_what")}</p>
      {url ? (
        <div class="row wrap">
          <code class="settings-secret">{url}</code>
          <Chip tone={proved_at ? "good" : "warn"}>
            {proved_at ? t("settings_proved", { at: moment(proved_at) }) : t("settings_not_proved")}
          </Chip>
          <Button busy={busy} onClick={() => void check()}>
            {t("settings_check")}
          </Button>
        </div>
      ) : (
        <div class="note warn">
          <div class="stack">
            <p>{t("settings_address_unset")}</p>
            <code class="settings-secret">ENTREGENT_PUBLIC_URL=https://links.example.org</code>
          </div>
        </div>
      )}
      <p class="muted">{t("settings_address_until")}</p>
    </div>
  );
}
