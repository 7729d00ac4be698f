import { useState } from "preact/hooks";
import { ApiError, type Client } from "../../shared/api";
import { t } from "../../shared/i18n";
import type { Brand } from "../../shared/types";
import { Button, Choices, Input, Select } from "../../shared/ui";
import { dayName } from "../alerts/words";
import { Does } from "./does";
import { DryRunView } from "./dry_run";
import { ListInput, NumberInput } from "./inputs";
import {
  ALWAYS,
  type Do,
  type If,
  type Intent,
  NOTHING,
  type Ready,
  type Rule,
  type RuleBody,
  type When,
} from "./types";
import { atHour, type Names, sentence } from "./words";

const EVENTS = ["arrives", "changes", "waited"] as const;
const INTENTS: Intent[] = ["question", "complaint", "praise", "request", "advertising"];
const HOURS = Array.from({ length: 24 }, (_, hour) => ({ value: String(hour), label: atHour(hour) }));
const MOODS = ["positive", "neutral", "negative"] as const;
const ABOUT = ["yes", "probably_not", "no"] as const;
const ANY = () => ({ value: "", label: t("rules_any") });
const DAYS = [0, 1, 2, 3, 4, 5, 6];

interface BuilderProps {
  client: Client;
  brand: Brand;
  names: Names;
  /** The rule that is changed, the ready one it begins with, or nothing. */
  from?: Rule | Ready | undefined;
  onSaved: () => void;
  onCancel: () => void;
}

/** When, if, then, else with plain selects; the rule as a sentence, and what it would have done. */
export function Builder({ client, brand, names, from, onSaved, onCancel }: BuilderProps) {
  const rule = from && "id" in from ? from : undefined;
  const [name, setName] = useState(from?.name ?? "");
  const [body, setBody] = useState<RuleBody>(() => bodyOf(from));
  const [tried, setTried] = useState<RuleBody>();
  const [error, setError] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  const set = (part: Partial<RuleBody>) => setBody((old) => ({ ...old, ...part }));
  const setIf = (part: Partial<If>) => set({ if: { ...body.if, ...part } });
  const save = async (enabled: boolean) => {
    setBusy(true);
    setError(undefined);
    try {
      if (rule) await client.patch(`/rules/${rule.id}`, { name, ...body, enabled, version: rule.version });
      else await client.post("/rules", { brand_id: brand.id, name, ...body, enabled, ready: readyKey(from) });
      onSaved();
    } catch (problem) {
      if (!(problem instanceof ApiError)) throw problem;
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  const wrong = (field: string) => (error?.fields[field] ? error.textOf(field) : undefined);
  return (
    <form
      class="stack rules-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save(true);
      }}
    >
      <Input label={t("rules_name")} value={name} maxLength={120} autoFocus wrong={wrong("name")} onText={setName} />
      <fieldset>
        <legend>{t("rules_when")}</legend>
        <div class="row wrap rules-pair">
          <Select
            label={t("rules_event")}
            value={body.when.event}
            options={EVENTS.map((value) => ({ value, label: t(`rules_event_${value}`) }))}
            wrong={wrong("when")}
            onChoose={(event) => set({ when: whenOf(event as When["event"]) })}
          />
          {body.when.event === "waited" && (
            <NumberInput
              label={t("rules_hours")}
              value={body.when.hours}
              min={1}
              max={720}
              wrong={wrong("when.hours")}
              onNumber={(hours) => set({ when: { event: "waited", hours } })}
            />
          )}
        </div>
      </fieldset>
      <fieldset>
        <legend>{t("rules_if")}</legend>
        <Input
          label={t("rules_query")}
          hint={t("rules_query_hint")}
          value={body.if.query}
          spellcheck={false}
          wrong={wrong("if.query")}
          onText={(query) => setIf({ query })}
        />
        <div class="row wrap rules-pair">
          <Select
            label={t("rules_keyword")}
            value={body.if.keyword_id ?? ""}
            options={[ANY(), ...names.keywords.map(({ id, name: label }) => ({ value: id, label }))]}
            wrong={wrong("if.keyword_id")}
            onChoose={(id) => setIf({ keyword_id: id || null })}
          />
          <ListInput
            label={t("rules_authors")}
            value={body.if.authors}
            wrong={wrong("if.authors")}
            onList={(authors) => setIf({ authors })}
          />
        </div>
        <Choices
          label={t("rules_kinds")}
          options={INTENTS.map((id) => ({ id, label: t(`inbox_intent_${id}`) }))}
          chosen={body.if.intents}
          onChoose={(id) => setIf({ intents: toggled(body.if.intents, id as Intent) })}
        />
        <details open={asksForMore(body.if)}>
          <summary>{t("rules_more")}</summary>
          <div class="stack">
            <div class="row wrap rules-pair">
              <Select
                label={t("inbox_mood")}
                value={body.if.sentiment ?? ""}
                options={[ANY(), ...MOODS.map((value) => ({ value, label: t(`inbox_mood_${value}`) }))]}
                wrong={wrong("if.sentiment")}
                onChoose={(mood) => setIf({ sentiment: (mood || null) as If["sentiment"] })}
              />
              <Input
                label={t("rules_network")}
                hint={t("rules_network_hint")}
                value={body.if.network}
                spellcheck={false}
                wrong={wrong("if.network")}
                onText={(network) => setIf({ network: network.trim() })}
              />
              <Select
                label={t("rules_about")}
                value={body.if.about_us ?? ""}
                options={[ANY(), ...ABOUT.map((value) => ({ value, label: t(`rules_about_${value}`) }))]}
                wrong={wrong("if.about_us")}
                onChoose={(about) => setIf({ about_us: (about || null) as If["about_us"] })}
              />
            </div>
            <div class="row wrap rules-pair">
              <Select
                label={t("rules_from")}
                value={body.if.from_hour === null ? "" : String(body.if.from_hour)}
                options={[ANY(), ...HOURS]}
                wrong={wrong("if")}
                onChoose={(hour) => setIf(hoursOf(hour, body.if.until_hour))}
              />
              {body.if.from_hour !== null && (
                <Select
                  label={t("rules_until")}
                  value={String(body.if.until_hour)}
                  options={HOURS}
                  onChoose={(hour) => setIf({ until_hour: Number(hour) })}
                />
              )}
              <NumberInput
                label={t("rules_more_than")}
                value={body.if.more_than}
                min={1}
                max={100000}
                wrong={wrong("if.more_than")}
                onNumber={(more_than) => setIf({ more_than })}
              />
            </div>
            <Choices
              label={t("rules_days")}
              options={DAYS.map((day) => ({ id: String(day), label: dayName(day) }))}
              chosen={body.if.weekdays.map(String)}
              onChoose={(day) => setIf({ weekdays: toggled(body.if.weekdays, Number(day)).sort() })}
            />
          </div>
        </details>
      </fieldset>
      <Does
        legend={t("rules_then")}
        branch="then"
        does={body.then}
        names={names}
        wrong={wrong}
        onDoes={(then) => set({ then })}
      />
      <details open={doesSomething(body.else)}>
        <summary>{t("rules_add_else")}</summary>
        <Does
          legend={t("rules_else")}
          branch="else"
          does={body.else}
          names={names}
          wrong={wrong}
          onDoes={(other) => set({ else: other })}
        />
      </details>
      <p class="note rules-sentence">{sentence(body, names)}</p>
      {tried && <DryRunView client={client} brand={brand} body={tried} names={names} />}
      {error && (
        <p class="wrong" role="alert">
          {error.text}
        </p>
      )}
      <div class="row wrap">
        <Button onClick={() => setTried({ ...body })}>{t("rules_try")}</Button>
        <Button kind="primary" type="submit" busy={busy}>
          {t("rules_save_on")}
        </Button>
        <Button busy={busy} onClick={() => void save(false)}>
          {t("rules_save_off")}
        </Button>
        <Button kind="ghost" onClick={onCancel}>
          {t("ui_cancel")}
        </Button>
      </div>
    </form>
  );
}

function asksForMore({ sentiment, network, about_us, from_hour, weekdays, more_than }: If): boolean {
  return Boolean(sentiment || network || about_us || weekdays.length) || from_hour !== null || more_than !== null;
}

function doesSomething(does: Do): boolean {
  const nothing = Object.entries(NOTHING) as [keyof Do, unknown][];
  return nothing.some(([key, value]) => JSON.stringify(does[key]) !== JSON.stringify(value));
}

function toggled<T>(list: T[], one: T): T[] {
  return list.includes(one) ? list.filter((other) => other !== one) : [...list, one];
}

function whenOf(event: When["event"]): When {
  return { event, hours: event === "waited" ? 4 : null };
}

function hoursOf(from: string, until: number | null): Partial<If> {
  if (from === "") return { from_hour: null, until_hour: null };
  return { from_hour: Number(from), until_hour: until ?? (Number(from) + 8) % 24 };
}

function bodyOf(from: RuleBody | undefined): RuleBody {
  // biome-ignore lint/suspicious/noThenProperty: the API calls it so, and it holds no function
  const empty = { when: whenOf("arrives"), if: ALWAYS, then: NOTHING, else: NOTHING };
  const { when, if: wanted, then: first, else: other } = from ?? empty;
  // biome-ignore lint/suspicious/noThenProperty: the API calls it so, and it holds no function
  return { when, if: wanted, then: first, else: other };
}

function readyKey(from: Rule | Ready | undefined): string {
  return from && "key" in from ? from.key : "";
}
