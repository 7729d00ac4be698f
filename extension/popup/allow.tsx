/** Asks for access in a tab of ours: for one site where Firefox's popup would close under the question, or for many. */
import "./popup.css"; // before what stands on it: later rules win
import { useState } from "preact/hooks";
import { api } from "../shared/browser";
import { t } from "../shared/i18n";
import { send } from "../shared/send";
import { Button, Mark, mount } from "../shared/ui";
import "../shared/words";
import { Networks } from "./networks";
import { whyNotPaired } from "./pair";
import { RoundAllow } from "./round_allow";

function Allow() {
  const params = new URLSearchParams(location.search);
  const site = params.get("url");
  const server = params.get("server");
  const address = site ?? server ?? "";
  const [said, setSaid] = useState("");
  if (!URL.canParse(address)) return null;
  const { protocol, hostname } = new URL(address);
  const allow = () => {
    const asked = api.permissions.request({ origins: [`${protocol}//${hostname}/*`] });
    void asked.then(async (granted) => {
      if (!granted) return setSaid(t("popup_not_granted", { host: hostname }));
      if (site) {
        await send("site.on", { url: site });
        return setSaid(t("popup_switched_on", { host: hostname }));
      }
      const made = await send("pair.start", { server: address });
      setSaid(made.error ? whyNotPaired(made) : t("popup_now_open_popup"));
    });
  };
  return (
    <main class="card allow-card">
      <Mark size={32} />
      <h1>{site ? t("popup_allow_site", { host: hostname }) : t("popup_allow_server", { host: hostname })}</h1>
      <p class="muted">{site ? t("popup_allow_site_text") : t("popup_allow_server_text")}</p>
      <Button kind="primary" big onClick={allow}>
        {t("popup_allow")}
      </Button>
      <p role="status">{said}</p>
    </main>
  );
}

const wanted = new URLSearchParams(location.search);
void mount(wanted.has("networks") ? <Networks /> : wanted.has("round") ? <RoundAllow /> : <Allow />);
