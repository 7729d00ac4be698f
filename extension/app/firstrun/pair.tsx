import { Check, Puzzle } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { ApiError } from "../../shared/api";
import { inExtension } from "../../shared/browser";
import { t } from "../../shared/i18n";
import type { Device, Page, PairingRequest } from "../../shared/types";
import { Button, Icon, toast, useLoad } from "../../shared/ui";
import type { StepProps } from "./index";

const ASK_EVERY_MS = 2000;

/** The extension shows a code; the same code is approved here. */
export function PairStep({ client, me }: StepProps) {
  // Only a person who logged in lets a browser in: the server asks the same.
  const mayApprove = Boolean(me.member) && !inExtension && !me.device;
  const pending = useLoad(
    async () => (mayApprove ? (await client.get<Page<PairingRequest>>("/pairing/requests")).items : []),
    [client, mayApprove],
  );
  const devices = useLoad(
    async () => (await client.get<Page<Device>>("/devices")).items.filter(({ kind }) => kind === "extension"),
    [client],
  );
  const [approved, setApproved] = useState(false);
  useEffect(() => {
    const ask = () => {
      if (document.visibilityState !== "visible") return;
      pending.reload();
      devices.reload(); // the token is fetched by the extension, a moment after the approval
    };
    const timer = setInterval(ask, ASK_EVERY_MS);
    document.addEventListener("visibilitychange", ask);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", ask);
    };
  }, []);
  const decide = async (request: PairingRequest, verb: "approve" | "refuse") => {
    try {
      await client.post(`/pairing/requests/${request.id}/${verb}`);
      setApproved(verb === "approve");
      if (verb === "refuse") toast(t("app_pair_refused"));
    } catch (error) {
      toast(error instanceof ApiError ? error.text : t("error_internal"));
    }
    pending.reload();
  };
  const paired = devices.value ?? [];
  const asking = pending.value ?? [];
  if (inExtension || me.device) return <p class="note">{t("firstrun_pair_elsewhere")}</p>;
  return (
    <div class="stack">
      <ol class="firstrun-clicks">
        <li>{t("firstrun_pair_1")}</li>
        <li>{t("firstrun_pair_2")}</li>
        <li>{t("firstrun_pair_3")}</li>
      </ol>
      <div aria-live="polite" class="stack">
        {asking.map((request) => (
          <div class="firstrun-ask" key={request.id}>
            <p>{t("app_pair_asks", { client: request.client })}</p>
            <output class="firstrun-code">{request.code.replace("-", " ")}</output>
            <p class="muted">{t("app_pair_same")}</p>
            <div class="row">
              <Button kind="primary" big onClick={() => void decide(request, "approve")}>
                {t("app_pair_approve")}
              </Button>
              <Button big onClick={() => void decide(request, "refuse")}>
                {t("app_pair_refuse")}
              </Button>
            </div>
          </div>
        ))}
        {paired.map((device) => (
          <p class="row good" key={device.id}>
            <Icon icon={Check} /> {t("firstrun_paired", { name: device.name })}
          </p>
        ))}
        {paired.length === 0 && asking.length === 0 && (
          <p class="row muted firstrun-waiting">
            <Icon icon={Puzzle} /> {t(approved ? "firstrun_pair_approved" : "firstrun_pair_waiting")}
          </p>
        )}
      </div>
    </div>
  );
}
