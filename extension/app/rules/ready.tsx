import { useState } from "preact/hooks";
import type { Client } from "../../shared/api";
import { t } from "../../shared/i18n";
import type { Brand } from "../../shared/types";
import { Button, Dialog, Select } from "../../shared/ui";
import { takers } from "../inbox/team";
import { DryRunView } from "./dry_run";
import type { Ready, RuleBody } from "./types";
import { type Names, sentence } from "./words";

interface ReadyRulesProps {
  client: Client;
  brand: Brand;
  names: Names;
  ready: Ready[];
  act: (work: () => Promise<unknown>, said?: string) => Promise<void>;
  onChange: (ready: Ready) => void;
}

/** Ready rules in words: a click shows what one would have done, and there it is switched on. */
export function ReadyRules({ client, brand, names, ready, act, onChange }: ReadyRulesProps) {
  const [shown, setShown] = useState<Ready>();
  if (ready.length === 0) return null;
  return (
    <section class="stack">
      <h2>{t("rules_ready")}</h2>
      <ul class="card rules-list">
        {ready.map((one) => (
          <li key={one.key} class="rules-row">
            <span class="grow">{one.name}</span>
            <Button aria-label={`${t("rules_look")}: ${one.name}`} onClick={() => setShown(one)}>
              {t("rules_look")}
            </Button>
          </li>
        ))}
      </ul>
      {shown && (
        <Dialog title={shown.name} onClose={() => setShown(undefined)}>
          <TryReady
            client={client}
            brand={brand}
            names={names}
            ready={shown}
            onChange={() => {
              setShown(undefined);
              onChange(shown);
            }}
            onSwitchOn={(body) => {
              setShown(undefined);
              const sent = { brand_id: brand.id, name: shown.name, ready: shown.key, enabled: true, ...body };
              void act(() => client.post("/rules", sent), t("rules_is_on"));
            }}
          />
        </Dialog>
      )}
    </section>
  );
}

interface TryReadyProps extends Pick<ReadyRulesProps, "client" | "brand" | "names"> {
  ready: Ready;
  onChange: () => void;
  onSwitchOn: (body: RuleBody) => void;
}

function TryReady({ client, brand, names, ready, onChange, onSwitchOn }: TryReadyProps) {
  const known = takers(names.members).some(({ id }) => id === ready.then.assign);
  const [member, setMember] = useState((known ? ready.then.assign : takers(names.members)[0]?.id) ?? "");
  const assign = ready.needs === "member" ? member || null : ready.then.assign;
  // biome-ignore lint/suspicious/noThenProperty: the API calls it so, and it holds no function
  const body = { when: ready.when, if: ready.if, then: { ...ready.then, assign }, else: ready.else };
  return (
    <div class="stack">
      <p>{sentence(body, names)}</p>
      {ready.needs === "member" && (
        <Select
          label={t("rules_assign")}
          value={member}
          options={takers(names.members).map(({ id, name }) => ({ value: id, label: name }))}
          onChoose={setMember}
        />
      )}
      <DryRunView client={client} brand={brand} body={body} names={names} />
      <div class="row wrap">
        <Button kind="primary" onClick={() => onSwitchOn(body)}>
          {t("rules_switch_on")}
        </Button>
        <Button onClick={onChange}>{t("rules_change_first")}</Button>
      </div>
    </div>
  );
}
