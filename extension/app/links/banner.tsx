import { Globe } from "lucide";
import { useState } from "preact/hooks";
import { ApiError, type Client } from "../../shared/api";
import { t } from "../../shared/i18n";
import { Button, Icon, toast } from "../../shared/ui";
import type { PublicAddress } from "./types";

/** While nobody else could open our short links: why they are held back, and what to do. */
export function AddressBanner({
  client,
  address,
  onChecked,
}: {
  client: Client;
  address: PublicAddress | undefined;
  onChecked: () => void;
}) {
  const [busy, setBusy] = useState(false);
  if (!address || address.proved_at) return null;
  const check = async () => {
    setBusy(true);
    try {
      const found = await client.post<PublicAddress>("/public-address/check");
      toast(t(found.proved_at ? "links_proved" : "links_not_proved"));
    } catch (error) {
      toast(error instanceof ApiError ? error.text : t("error_internal"));
    } finally {
      setBusy(false);
      onChecked();
    }
  };
  return (
    <section class="note warn links-banner" aria-label={t("links_banner")}>
      <Icon icon={Globe} />
      <div class="grow stack">
        <p>
          <b>{t("links_banner")}</b>
        </p>
        <p>{address.url ? t("links_banner_set", { url: address.url }) : t("links_banner_unset")}</p>
        {address.url ? (
          <div>
            <Button busy={busy} onClick={() => void check()}>
              {t("links_check")}
            </Button>
          </div>
        ) : (
          <p>
            <code>ENTREGENT_PUBLIC_URL=https://links.example.org</code>
          </p>
        )}
      </div>
    </section>
  );
}
