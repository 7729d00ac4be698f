import { CircleAlert, Plug } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { api, inFirefox } from "../shared/browser";
import { errorText, hasMessage, t } from "../shared/i18n";
import type { ExtensionState, Pairing } from "../shared/messages";
import { SendError, send } from "../shared/send";
import { Button, Icon, Input, Mark } from "../shared/ui";
import { openAllowPage } from "./tab";

/** Connecting this browser: where the server is, then the code that the app shows too. */
export function Pair({ state, mode, reload }: { state: ExtensionState; mode: "popup" | "panel"; reload: () => void }) {
  const [refused, setRefused] = useState<Pairing | null>(null);
  const [busy, setBusy] = useState(false);
  const pairing = state.pairing;
  // The background polls; this only shows an end that it could not tell us.
  useEffect(() => {
    if (pairing?.status !== "pending") return;
    const timer = setInterval(reload, 1000);
    return () => clearInterval(timer);
  }, [pairing?.code, pairing?.status]);

  const connect = (address: string) => {
    const origin = originOf(address);
    if (origin && !isLoopback(origin)) {
      if (inFirefox && mode === "popup") return openAllowPage({ server: origin });
      // In the click itself; a server we may already reach is granted without a question.
      const asked = api.permissions.request({ origins: [patternOf(origin)] });
      void asked.then((granted) => (granted ? start(origin) : setRefused(failure(origin, "not_granted"))));
      return;
    }
    void start(address);
  };
  const start = async (server: string) => {
    setBusy(true);
    try {
      const made = await send("pair.start", { server });
      setRefused(made.error ? made : null);
    } catch (error) {
      setRefused(failure(server, error instanceof SendError ? error.code : "internal"));
    }
    setBusy(false);
    reload();
  };

  if (pairing?.status === "pending") return <Waiting pairing={pairing} reload={reload} />;
  const why =
    refused ??
    (pairing ? failure(pairing.server, pairing.status === "refused" ? "pairing_refused" : "pairing_ended") : null);
  return <Ask state={state} why={why} busy={busy} connect={connect} />;
}

function Waiting({ pairing, reload }: { pairing: Pairing; reload: () => void }) {
  return (
    <div class="pair">
      <Mark size={40} />
      <h1>{t("popup_pair_same_code")}</h1>
      <output class="code" aria-label={pairing.code.split("").join(" ")}>
        {pairing.code.replace("-", " ")}
      </output>
      <p>{t("popup_pair_approve", { server: hostOf(pairing.server) })}</p>
      <Button kind="primary" big onClick={() => void send("open.app", { page: "pair" })}>
        {t("popup_open_app")}
      </Button>
      <Button kind="ghost" onClick={() => void send("pair.cancel", {}).then(reload)}>
        {t("popup_cancel")}
      </Button>
    </div>
  );
}

function Ask({
  state,
  why,
  busy,
  connect,
}: {
  state: ExtensionState;
  why: Pairing | null;
  busy: boolean;
  connect: (address: string) => void;
}) {
  const [address, setAddress] = useState(isLoopback(state.server) ? "" : state.server);
  return (
    <div class="pair">
      <Mark size={48} />
      <h1>{t("popup_pair_title")}</h1>
      <p>{t("popup_pair_text", { server: hostOf(state.server) })}</p>
      {why && (
        <p class="note warn" role="alert">
          <Icon icon={CircleAlert} />
          <span>{whyNotPaired(why)}</span>
        </p>
      )}
      <Button kind="primary" big icon={Plug} busy={busy} onClick={() => connect(state.server)}>
        {t("popup_connect")}
      </Button>
      <details class="more">
        <summary>{t("popup_other_server")}</summary>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            connect(address);
          }}
        >
          <Input
            label={t("popup_server_address")}
            value={address}
            onText={setAddress}
            placeholder="https://tools.example"
            spellcheck={false}
            autocomplete="off"
            hint={t("popup_server_hint")}
          />
          <Button type="submit" disabled={!address.trim()} busy={busy}>
            {t("popup_connect")}
          </Button>
        </form>
      </details>
    </div>
  );
}

/** Why a pairing was refused or could not be asked for, for people. */
export function whyNotPaired(why: Pairing): string {
  if (why.error === "unreachable") return t("popup_pair_unreachable", { server: hostOf(why.server) });
  const key = `popup_${why.error}`;
  return hasMessage(key) ? t(key) : errorText(why.error);
}

function failure(server: string, error: string): Pairing {
  return { server, code: "", expires_at: "", status: "ended", error };
}

function originOf(address: string): string {
  const text = address.trim();
  const full = /^https?:\/\//i.test(text) ? text : `${isLoopback(text) ? "http" : "https"}://${text}`;
  return URL.canParse(full) ? new URL(full).origin : "";
}

const isLoopback = (address: string) => /^(http:\/\/)?(localhost|127\.0\.0\.1)([:/]|$)/i.test(address.trim());
const hostOf = (origin: string) => origin.replace(/^https?:\/\//, "");

function patternOf(origin: string): string {
  const { protocol, hostname } = new URL(origin);
  return `${protocol}//${hostname}/*`;
}
