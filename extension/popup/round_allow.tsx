/** Where the round may collect: the sites of its pages, and one question of the browser for all of them. */
import { useState } from "preact/hooks";
import { plural, t } from "../shared/i18n";
import { Button, Mark, Skeleton } from "../shared/ui";
import { allowSites, useRound } from "./round_line";

export function RoundAllow() {
  const { round, reload } = useRound();
  const [said, setSaid] = useState("");
  if (!round) return <Skeleton rows={4} />;
  const allow = () =>
    void allowSites(round.off).then((granted) => {
      setSaid(t(granted ? "popup_round_allowed" : "popup_networks_no"));
      reload();
    });
  return (
    <main class="card allow-card">
      <Mark size={32} />
      <h1>{t("popup_round_allow_title")}</h1>
      <p class="muted">{t(round.off.length > 0 ? "popup_round_allow_text" : "popup_round_allow_done")}</p>
      <ul>
        {round.off.map(({ host }) => (
          <li key={host}>{host}</li>
        ))}
      </ul>
      {round.off.length > 0 && (
        <Button kind="primary" big onClick={allow}>
          {plural("popup_round_allow", round.off.length)}
        </Button>
      )}
      <p role="status">{said}</p>
    </main>
  );
}
