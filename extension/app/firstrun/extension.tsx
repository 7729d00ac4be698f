import { Copy, Download } from "lucide";
import { useState } from "preact/hooks";
import { inFirefox } from "../../shared/browser";
import { t } from "../../shared/i18n";
import type { ExtensionFiles } from "../../shared/types";
import { Button, Icon, Skeleton, Tabs, toast, useLoad } from "../../shared/ui";
import type { StepProps } from "./index";

const CLICKS = { chrome: 4, firefox: 4 } as const;
type Browser = keyof typeof CLICKS;

/** Where the extension lies, and the clicks that load it. */
export function ExtensionStep({ client, next }: StepProps) {
  const files = useLoad(() => client.get<ExtensionFiles>("/extension"), [client]);
  const likely: Browser = inFirefox || /Firefox/.test(navigator.userAgent) ? "firefox" : "chrome";
  const [browser, setBrowser] = useState<Browser>(likely);
  if (files.error) return <p class="wrong">{files.error.text}</p>;
  if (!files.value) return <Skeleton rows={3} />;
  const { folder, chrome_zip, firefox_zip } = files.value;
  const shown = browser === "chrome" ? folder : `${folder.replace(/chrome$/, "firefox")}/manifest.json`;
  const zip = browser === "chrome" ? chrome_zip : firefox_zip;
  return (
    <div class="stack">
      <p class="muted">{t("firstrun_extension_text")}</p>
      <Tabs
        label={t("firstrun_browser")}
        chosen={browser}
        tabs={[
          { id: "chrome", label: "Chrome, Chromium, Edge" },
          { id: "firefox", label: "Firefox" },
        ]}
        onChoose={(chosen) => setBrowser(chosen as Browser)}
      />
      <ol class="firstrun-clicks">
        {Array.from({ length: CLICKS[browser] }, (_, index) => (
          <li key={`${browser} ${index}`}>{t(`firstrun_${browser}_${index + 1}`)}</li>
        ))}
      </ol>
      <div class="row wrap">
        <code class="firstrun-path">{shown}</code>
        <Button icon={Copy} onClick={() => void navigator.clipboard.writeText(shown).then(() => toast(t("ui_copied")))}>
          {t("ui_copy")}
        </Button>
        <a class="btn" href={zip} download>
          <Icon icon={Download} /> {t("firstrun_zip")}
        </a>
      </div>
      {browser === "firefox" && <p class="note warn">{t("firstrun_firefox_forgets")}</p>}
      <div>
        <Button kind="primary" big onClick={next}>
          {t("firstrun_loaded")}
        </Button>
      </div>
    </div>
  );
}
