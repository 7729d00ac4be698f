import { ExternalLink } from "lucide";
import { t } from "../../shared/i18n";
import { copyText, Icon } from "../../shared/ui";
import type { Draft } from "./draft";
import { intentsFor } from "./share";
import type { Network } from "./types";

/** Networks that only the person can post to: their own composer, filled in. */
export function Elsewhere({ networks, draft }: { networks: Network[]; draft: Draft }) {
  const intents = intentsFor(
    networks.filter(({ publish }) => !publish),
    draft.text,
  );
  if (intents.length === 0 || draft.text.trim() === "") return null;
  const open = (needs_paste: boolean) => {
    if (!needs_paste) return;
    void copyText(draft.text, t("compose_paste_it"));
  };
  return (
    <section class="compose-elsewhere" aria-labelledby="compose-elsewhere">
      <h2 id="compose-elsewhere">{t("compose_elsewhere")}</h2>
      <p class="muted small">{t("compose_elsewhere_text")}</p>
      <ul class="row wrap">
        {intents.map(({ network, name, url, needs_paste }) => (
          <li key={network}>
            <a class="btn" href={url} target="_blank" rel="noopener noreferrer" onClick={() => open(needs_paste)}>
              {name} <Icon icon={ExternalLink} />
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
