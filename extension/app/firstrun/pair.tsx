import { Check, Puzzle } from "lucide";
import { useEffect } from "preact/hooks";
import { inExtension } from "../../shared/browser";
import { t } from "../../shared/i18n";
import type { Device, Page } from "../../shared/types";
import { Icon, useLoad } from "../../shared/ui";
import { PairingBanner } from "../shell/pairing";
import type { StepProps } from "./index";

/** The extension shows a code; the same code is approved here. */
export function PairStep({ client, me }: StepProps) {
  const devices = useLoad(async () => (await client.get<Page<Device>>("/devices")).items, [client]);
  useEffect(() => client.onChange((kinds) => kinds.some((k) => /^(device\.|$)/.test(k)) && devices.reload()), [client]);
  const paired = (devices.value ?? []).filter(({ kind }) => kind === "extension");
  return (
    <div class="stack">
      <ol class="firstrun-clicks">
        <li>{t("firstrun_pair_1")}</li>
        <li>{t("firstrun_pair_2")}</li>
        <li>{t("firstrun_pair_3")}</li>
      </ol>
      {me.member && !inExtension && <PairingBanner client={client} />}
      {inExtension && <p class="note">{t("firstrun_pair_elsewhere")}</p>}
      {paired.length === 0 ? (
        <p class="row muted">
          <Icon icon={Puzzle} /> {t("firstrun_pair_waiting")}
        </p>
      ) : (
        <p class="row good" role="status">
          <Icon icon={Check} /> {t("firstrun_paired", { name: paired[0]!.name })}
        </p>
      )}
    </div>
  );
}
