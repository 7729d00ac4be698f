import { useEffect, useState } from "preact/hooks";
import { ApiError, type Client } from "../../shared/api";
import { t } from "../../shared/i18n";
import { type NoticesState, noticesState, switchNotices } from "../../shared/notices";
import type { Brand, Keyword } from "../../shared/types";
import { Button, Choices, Input, Select } from "../../shared/ui";
import type { Alert, Channel, Rhythm } from "./types";
import { dayName } from "./words";

const RHYTHMS: Rhythm[] = ["at_once", "hourly", "daily", "weekly"];
/** The channel of this and every other browser, where the brand has none yet. */
const BROWSER = "browser";
/** Before the id of a saved search, where a keyword's stands alone. */
const SEARCH = "search ";
const HOURS = Array.from({ length: 24 }, (_, hour) => ({
  value: String(hour),
  label: `${String(hour).padStart(2, "0")}:00`,
}));

interface AlertFormProps {
  client: Client;
  brand: Brand;
  alert?: Alert | undefined;
  /** The keyword or saved search that somebody came from. */
  keyword: string;
  search: string;
  keywords: Keyword[];
  searches: { id: string; name: string }[];
  channels: Channel[];
  onSaved: () => void;
  onCancel: () => void;
}

/** What, how soon, where; quiet hours and the weekly proof under More. */
export function AlertForm({
  client,
  brand,
  alert,
  keyword,
  search,
  keywords,
  searches,
  channels,
  onSaved,
  onCancel,
}: AlertFormProps) {
  const browser = channels.find(({ kind }) => kind === "browser")?.id ?? BROWSER;
  const came_from = search ? SEARCH + search : keyword;
  const [about, setAbout] = useState(alert?.search_id ? SEARCH + alert.search_id : (alert?.keyword_id ?? came_from));
  const [rhythm, setRhythm] = useState<Rhythm>(alert?.rhythm ?? "at_once");
  const [hour, setHour] = useState(alert?.hour ?? 8);
  const [weekday, setWeekday] = useState(alert?.weekday ?? 0);
  const [chosen, setChosen] = useState(alert?.channel_ids ?? [browser]);
  const [quietFrom, setQuietFrom] = useState(alert?.quiet_from ?? "");
  const [quietUntil, setQuietUntil] = useState(alert?.quiet_until ?? "");
  const [proof, setProof] = useState(alert?.proof ?? false);
  const [error, setError] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  const [notices, setNotices] = useState<NoticesState>();
  useEffect(() => {
    void noticesState().then(setNotices);
  }, []);
  const toggle = (id: string) =>
    setChosen((old) => (old.includes(id) ? old.filter((one) => one !== id) : [...old, id]));
  const save = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    // In the click itself, before anything is awaited: browsers ask the person only then.
    const asked = chosen.includes(browser) && notices === "off" ? switchNotices(true) : null;
    try {
      let ids = chosen;
      if (ids.includes(BROWSER)) {
        const made = await client.post<Channel>("/channels", { brand_id: brand.id, kind: "browser" });
        ids = ids.map((id) => (id === BROWSER ? made.id : id));
      }
      const body = {
        keyword_id: about && !about.startsWith(SEARCH) ? about : null,
        search_id: about.startsWith(SEARCH) ? about.slice(SEARCH.length) : null,
        rhythm,
        hour,
        weekday,
        quiet_from: quietUntil ? quietFrom : "",
        quiet_until: quietFrom ? quietUntil : "",
        proof,
        channel_ids: ids,
      };
      if (alert) await client.patch(`/alerts/${alert.id}`, { ...body, version: alert.version });
      else await client.post("/alerts", { ...body, brand_id: brand.id });
      await asked;
      onSaved();
    } catch (thrown) {
      if (!(thrown instanceof ApiError)) throw thrown;
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  const places = [
    ...(channels.some(({ kind }) => kind === "browser") ? [] : [{ id: BROWSER, label: t("channel_kind_browser") }]),
    ...channels.map(({ id, kind, name }) => ({ id, label: kind === "browser" ? t("channel_kind_browser") : name })),
  ];
  return (
    <form class="stack alerts-form" onSubmit={(event) => void save(event)}>
      <Select
        label={t("alerts_about")}
        value={about}
        options={[
          { value: "", label: t("alerts_about_all", { brand: brand.name }) },
          ...keywords.map(({ id, name }) => ({ value: id, label: name })),
          ...searches.map(({ id, name }) => ({ value: SEARCH + id, label: t("alerts_search", { name }) })),
        ]}
        wrong={error?.fields.keyword_id && error.textOf("keyword_id")}
        onChoose={setAbout}
      />
      <Choices
        label={t("alerts_how_soon")}
        options={RHYTHMS.map((id) => ({ id, label: t(`alerts_rhythm_${id}`) }))}
        chosen={[rhythm]}
        onChoose={(id) => setRhythm(id as Rhythm)}
      />
      {(rhythm === "daily" || rhythm === "weekly") && (
        <div class="row wrap alerts-pair">
          {rhythm === "weekly" && <Weekday value={weekday} onChoose={setWeekday} />}
          <Select
            label={t("alerts_hour")}
            hint={t("alerts_hour_hint", { zone: brand.time_zone })}
            value={String(hour)}
            options={HOURS}
            onChoose={(value) => setHour(Number(value))}
          />
        </div>
      )}
      <Choices
        label={t("alerts_where")}
        options={places}
        chosen={chosen}
        wrong={error?.fields.channel_ids && error.textOf("channel_ids")}
        onChoose={toggle}
      />
      <details open={Boolean(quietFrom || proof)}>
        <summary>{t("alerts_more")}</summary>
        <div class="stack">
          <div class="row wrap alerts-pair">
            <Input label={t("alerts_quiet_from")} type="time" value={quietFrom} onText={setQuietFrom} />
            <Input label={t("alerts_quiet_until")} type="time" value={quietUntil} onText={setQuietUntil} />
          </div>
          <p class="small muted">{t("alerts_quiet_hint")}</p>
          <label class="row">
            <input type="checkbox" checked={proof} onChange={(event) => setProof(event.currentTarget.checked)} />
            <span>{t("alerts_proof")}</span>
          </label>
          {proof && rhythm !== "weekly" && (
            <div class="row wrap alerts-pair">
              <Weekday value={weekday} onChoose={setWeekday} />
              {rhythm !== "daily" && (
                <Select
                  label={t("alerts_hour")}
                  value={String(hour)}
                  options={HOURS}
                  onChoose={(value) => setHour(Number(value))}
                />
              )}
            </div>
          )}
        </div>
      </details>
      {error && (
        <p class="wrong" role="alert">
          {error.text}
        </p>
      )}
      <div class="row">
        <Button kind="primary" type="submit" busy={busy}>
          {t("settings_save")}
        </Button>
        <Button onClick={onCancel}>{t("ui_cancel")}</Button>
      </div>
    </form>
  );
}

function Weekday({ value, onChoose }: { value: number; onChoose: (day: number) => void }) {
  const days = Array.from({ length: 7 }, (_, day) => ({ value: String(day), label: dayName(day) }));
  return (
    <Select
      label={t("alerts_weekday")}
      value={String(value)}
      options={days}
      onChoose={(day) => onChoose(Number(day))}
    />
  );
}
