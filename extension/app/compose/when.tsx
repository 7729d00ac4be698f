import { Clock } from "lucide";
import { language, ownClock, t } from "../../shared/i18n";
import { Icon, Select } from "../../shared/ui";
import type { When } from "./types";
import { nextHour, resolveWall, zonesFor } from "./wall";

interface WhenProps {
  when: When;
  /** The brand's zone. */
  zone: string;
  /** The server runs on this computer. */
  here: boolean;
  wrong: Record<string, string>;
  onWhen: (when: When) => void;
}

/** Now, or at a wall time in a zone, said back in words. */
export function WhenChoice({ when, zone, here, wrong, onWhen }: WhenProps) {
  const later = when.when === "at" ? when : undefined;
  const [day = "", time = ""] = later?.at.split("T") ?? [];
  const set = (part: Partial<{ day: string; time: string; zone: string }>) =>
    later && onWhen({ when: "at", at: `${part.day ?? day}T${part.time ?? time}`, zone: part.zone ?? later.zone });
  return (
    <fieldset class="compose-when stack">
      <legend>{t("compose_when")}</legend>
      <div class="row wrap">
        <label class="compose-radio">
          <input type="radio" name="when" checked={!later} onChange={() => onWhen({ when: "now" })} />
          {t("compose_now")}
        </label>
        <label class="compose-radio">
          <input
            type="radio"
            name="when"
            checked={Boolean(later)}
            onChange={() => onWhen({ when: "at", at: nextHour(zone || "UTC"), zone: zone || "UTC" })}
          />
          {t("compose_later")}
        </label>
      </div>
      {later && (
        <>
          <WallFields day={day} time={time} zone={later.zone} brand_zone={zone} wrong={wrong} onSet={set} />
          <Said at={later.at} zone={later.zone} here={here} />
        </>
      )}
    </fieldset>
  );
}

interface FieldsProps {
  day: string;
  time: string;
  zone: string;
  brand_zone: string;
  wrong: Record<string, string>;
  onSet: (part: Partial<{ day: string; time: string; zone: string }>) => void;
}

/** Day, time, zone. */
export function WallFields({ day, time, zone, brand_zone, wrong, onSet }: FieldsProps) {
  const said = wrong["schedule.at"] ?? wrong.at;
  return (
    <div class="compose-wall">
      <label>
        <span class="label">{t("compose_day")}</span>
        <input
          class="input"
          type="date"
          value={day}
          required
          aria-invalid={Boolean(said)}
          onInput={(event) => onSet({ day: event.currentTarget.value })}
        />
      </label>
      <label>
        <span class="label">{t("compose_time")}</span>
        <input
          class="input"
          type="time"
          value={time}
          required
          aria-invalid={Boolean(said)}
          onInput={(event) => onSet({ time: event.currentTarget.value })}
        />
      </label>
      <div class="compose-zone">
        <Select
          label={t("compose_zone")}
          value={zone}
          wrong={wrong["schedule.zone"] ?? wrong.zone}
          options={zonesFor(brand_zone).map((name) => ({ value: name, label: name.replaceAll("_", " ") }))}
          onChoose={(chosen) => onSet({ zone: chosen })}
        />
      </div>
      {said && (
        <p class="compose-wrong" role="alert">
          {said}
        </p>
      )}
    </div>
  );
}

/** "Tuesday 1 December, 09:00 Europe/Paris = 08:00 UTC", the odd nights, and who must be awake. */
export function Said({ at, zone, here }: { at: string; zone: string; here: boolean }) {
  const moment = resolveWall(at, zone);
  if (!moment) return null;
  const passed = moment.utc.getTime() < Date.now() - 60_000;
  return (
    <div class="compose-said" role="status">
      <p>
        <Icon icon={Clock} />{" "}
        {t("compose_said", {
          moment: longIn(moment.utc, zone),
          zone: zone.replaceAll("_", " "),
          utc: utcWords(moment.utc, zone),
        })}
      </p>
      {moment.odd && <p class="muted">{t(`compose_${moment.odd}`, { time: clockIn(moment.utc, zone) })}</p>}
      {passed ? (
        <p class="compose-wrong">{t("compose_passed")}</p>
      ) : (
        here && <p class="muted">{t("compose_awake", { at: ownClock(moment.utc, zone) })}</p>
      )}
    </div>
  );
}

const locale = () => (language() === "fr" ? "fr-FR" : "en-GB");

/** "Tuesday 1 December, 09:00" */
export function longIn(moment: Date, zone: string): string {
  const day = new Intl.DateTimeFormat(locale(), {
    timeZone: zone,
    weekday: "long",
    day: "numeric",
    month: "long",
    ...(moment.getUTCFullYear() !== new Date().getUTCFullYear() && { year: "numeric" as const }),
  }).format(moment);
  return `${day}, ${clockIn(moment, zone)}`;
}

function clockIn(moment: Date, zone: string): string {
  return new Intl.DateTimeFormat(locale(), { timeZone: zone, hour: "2-digit", minute: "2-digit" }).format(moment);
}

/** The time in UTC, with the day where it is another one. */
function utcWords(moment: Date, zone: string): string {
  const day = (in_zone: string) => new Intl.DateTimeFormat("en-CA", { timeZone: in_zone }).format(moment);
  return day(zone) === day("UTC") ? clockIn(moment, "UTC") : longIn(moment, "UTC");
}
