import { Copy, Download } from "lucide";
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { inExtension, inFirefox } from "../../shared/browser";
import { t } from "../../shared/i18n";
import { getLocal } from "../../shared/storage";
import type { ExtensionFiles } from "../../shared/types";
import { Button, copyText, Icon, IconButton, Skeleton, Tabs, useLoad } from "../../shared/ui";
import type { StepProps } from "./index";

type Browser = "chrome" | "firefox";

/** Pages of the browser that no link may open: they are copied. */
const PAGES: Record<Browser, string> = {
  chrome: "chrome://extensions",
  firefox: "about:debugging#/runtime/this-firefox",
};

/** Where the extension lies, and the clicks that load it. */
export function ExtensionStep({ client, next, onDone }: StepProps) {
  const files = useLoad(() => client.get<ExtensionFiles>("/extension"), [client]);
  const [server, setServer] = useState("");
  const [browser, setBrowser] = useState<Browser>(
    inFirefox || /Firefox/.test(navigator.userAgent) ? "firefox" : "chrome",
  );
  useEffect(() => {
    if (!inExtension) return;
    onDone();
    void getLocal("server").then(setServer);
  }, []);
  if (files.error && !files.value) return <p class="wrong">{files.error.text}</p>;
  if (!files.value) return <Skeleton rows={3} />;
  const { folder, chrome_zip, firefox_zip } = files.value;
  const firefox = browser === "firefox";
  const shown = firefox ? `${folder.replace(/chrome$/, "firefox")}/manifest.json` : folder;
  return (
    <div class="stack">
      <p class="muted">{t("firstrun_extension_text")}</p>
      <Tabs
        label={t("firstrun_browser")}
        chosen={browser}
        controls="firstrun-clicks"
        tabs={[
          { id: "chrome", label: "Chrome, Chromium, Edge" },
          { id: "firefox", label: "Firefox" },
        ]}
        onChoose={(chosen) => setBrowser(chosen as Browser)}
      />
      <div id="firstrun-clicks" role="tabpanel" aria-label={firefox ? "Firefox" : "Chrome"} class="stack">
        <ol class="firstrun-clicks">
          <li>
            {t(`firstrun_${browser}_1`)}
            <Copied text={PAGES[browser]} />
          </li>
          {!firefox && <li>{t("firstrun_chrome_2")}</li>}
          <li>{t(firefox ? "firstrun_firefox_2" : "firstrun_chrome_3")}</li>
          <li>
            {t(firefox ? "firstrun_firefox_3" : "firstrun_chrome_4")}
            <Copied text={shown} />
          </li>
          <li>{t("firstrun_pin")}</li>
        </ol>
        {firefox && <p class="note warn">{t("firstrun_firefox_forgets")}</p>}
        <p class="row wrap">
          <span class="muted">{t("firstrun_zip_text")}</span>
          <a class="btn" href={server + (firefox ? firefox_zip : chrome_zip)} download>
            <Icon icon={Download} /> {t("firstrun_zip")}
          </a>
        </p>
      </div>
      <div>
        <Button
          kind="primary"
          big
          onClick={() => {
            onDone();
            next();
          }}
        >
          {t("firstrun_loaded")}
        </Button>
      </div>
    </div>
  );
}

function Copied({ text }: { text: string }): ComponentChildren {
  return (
    <span class="firstrun-copy">
      <code>{text}</code>
      <IconButton icon={Copy} label={t("firstrun_copy", { text })} onClick={() => void copyText(text)} />
    </span>
  );
}
