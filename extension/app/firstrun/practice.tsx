import { ExternalLink } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { inExtension } from "../../shared/browser";
import { language, t } from "../../shared/i18n";
import { getLocal } from "../../shared/storage";
import { Icon } from "../../shared/ui";
import type { StepProps } from "./index";

/** The toolbar tried on an invented network that the server serves: nothing can go wrong there. */
export function PracticeStep({ onDone }: StepProps) {
  const [server, setServer] = useState("");
  useEffect(() => {
    if (inExtension) void getLocal("server").then(setServer);
  }, []);
  return (
    <div class="stack">
      <p class="muted">{t("firstrun_practice_text")}</p>
      <ol class="firstrun-clicks">
        <li>{t("firstrun_practice_1")}</li>
        <li>{t("firstrun_practice_2")}</li>
        <li>{t("firstrun_practice_3")}</li>
      </ol>
      <p>
        <a
          class="btn big"
          href={`${server}/-/practice/?lang=${language()}`}
          target="_blank"
          rel="noreferrer"
          onClick={onDone}
        >
          <Icon icon={ExternalLink} /> {t("firstrun_practice_open")}
        </a>
      </p>
    </div>
  );
}
