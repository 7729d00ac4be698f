/** Where the toolbar shall stand: all networks with ticks, and one question of the browser for those ticked. */
import { useEffect, useState } from "preact/hooks";
import { api } from "../shared/browser";
import { plural, t } from "../shared/i18n";
import type { Network } from "../shared/messages";
import { send } from "../shared/send";
import { setLocal } from "../shared/storage";
import { Button, Chip, Mark, Skeleton } from "../shared/ui";

export function Networks() {
  const [networks, setNetworks] = useState<Network[]>();
  const [wanted, setWanted] = useState<ReadonlySet<string>>(new Set());
  const [said, setSaid] = useState("");
  const read = async () => {
    const found = await send("networks", { languages: navigator.languages });
    setNetworks(found);
    setWanted(new Set(found.filter(({ on }) => on).map(({ id }) => id)));
    return found;
  };
  useEffect(() => {
    void read();
    void setLocal({ networks_seen: true });
  }, []);
  if (!networks) return <Skeleton rows={8} />;

  const added = networks.filter(({ id, on }) => wanted.has(id) && !on);
  const removed = networks.filter(({ id, on }) => !wanted.has(id) && on);
  const tick = (id: string, on: boolean) => {
    const next = new Set(wanted);
    if (on) next.add(id);
    else next.delete(id);
    setWanted(next);
    setSaid("");
  };
  const change = () => {
    // First of all, in the click: browsers take the question only then.
    const asked =
      added.length > 0
        ? api.permissions.request({ origins: added.flatMap(({ patterns }) => patterns) })
        : Promise.resolve(true);
    void asked.then(
      async (granted) => {
        // Others may share an address with what is taken away: one permission a host.
        const kept = new Set(networks.filter(({ id }) => wanted.has(id)).flatMap(({ patterns }) => patterns));
        const gone = removed.flatMap(({ patterns }) => patterns).filter((pattern) => !kept.has(pattern));
        if (gone.length > 0) await api.permissions.remove({ origins: gone });
        const on = (await read()).filter((one) => one.on).length;
        setSaid(
          granted ? (on > 0 ? plural("popup_networks_on", on) : t("popup_networks_off")) : t("popup_networks_no"),
        );
      },
      () => setSaid(t("popup_networks_no")),
    );
  };
  const words =
    added.length > 0
      ? plural("popup_networks_allow", added.length)
      : removed.length > 0
        ? plural("popup_networks_remove", removed.length)
        : t("popup_networks_none");
  return (
    <main class="card allow-card networks">
      <Mark size={32} />
      <h1>{t("popup_networks_title")}</h1>
      <p class="muted">{t("popup_networks_text")}</p>
      <ul>
        {networks.map(({ id, name, tier, boxes_only, patterns }) => (
          <li key={id}>
            <label title={patterns.map((one) => one.replace(/^https:\/\/|\/\*$/g, "")).join(", ")}>
              <input
                type="checkbox"
                checked={wanted.has(id)}
                onChange={(event) => tick(id, event.currentTarget.checked)}
              />
              <span class="grow">{name}</span>
              {boxes_only ? (
                <Chip>{t("popup_networks_boxes")}</Chip>
              ) : (
                <Chip tone={tier === "checked" ? "good" : undefined}>
                  {t(tier === "checked" ? "popup_networks_checked" : "popup_networks_unchecked")}
                </Chip>
              )}
            </label>
          </li>
        ))}
      </ul>
      <Button kind="primary" big onClick={change} disabled={added.length + removed.length === 0}>
        {words}
      </Button>
      <p role="status">{said}</p>
      <p class="small muted">{t("popup_networks_others")}</p>
    </main>
  );
}
