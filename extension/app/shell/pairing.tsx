import { Puzzle } from "lucide";
import { useEffect } from "preact/hooks";
import { ApiError, type Client } from "../../shared/api";
import { t } from "../../shared/i18n";
import type { PairingRequest } from "../../shared/types";
import { Button, Icon, toast, useLoad } from "../../shared/ui";

const ASK_EVERY_MS = 3000;

/** Extensions that ask to be let in, wherever one is in the app: the same code on both sides, then one click. */
export function PairingBanner({ client }: { client: Client }) {
  const pending = useLoad(
    async () => (await client.get<{ items: PairingRequest[] }>("/pairing/requests")).items,
    [client],
  );
  useEffect(() => {
    const stop = client.onChange((kinds) => kinds.some((kind) => /^(pairing\.|$)/.test(kind)) && pending.reload());
    const timer = setInterval(() => document.visibilityState === "visible" && pending.reload(), ASK_EVERY_MS);
    return () => {
      stop();
      clearInterval(timer);
    };
  }, [client]);
  const decide = async (request: PairingRequest, verb: "approve" | "refuse") => {
    try {
      await client.post(`/pairing/requests/${request.id}/${verb}`);
      toast(t(verb === "approve" ? "app_pair_approved" : "app_pair_refused"));
    } catch (error) {
      toast(error instanceof ApiError ? error.text : t("error_internal"));
    }
    pending.reload();
  };
  return (
    <div aria-live="polite">
      {(pending.value ?? []).map((request) => (
        <div class="note pairing" key={request.id}>
          <Icon icon={Puzzle} />
          <p class="grow">
            {t("app_pair_asks", { client: request.client })} <b class="code">{request.code.replace("-", " ")}</b>
            <span class="muted"> {t("app_pair_same")}</span>
          </p>
          <Button kind="primary" onClick={() => void decide(request, "approve")}>
            {t("app_pair_approve")}
          </Button>
          <Button onClick={() => void decide(request, "refuse")}>{t("app_pair_refuse")}</Button>
        </div>
      ))}
    </div>
  );
}
