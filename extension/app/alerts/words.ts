import { hasMessage, language, moment, plural, t } from "../../shared/i18n";
import type { Brand } from "../../shared/types";
import type { Alert, Channel } from "./types";

/** What became of a try, by its code. */
export function said(code: string): string {
  return t(hasMessage(`channel_said_${code}`) ? `channel_said_${code}` : "channel_said_refused");
}

/** "At once", "Every day at 08:00", "Every Monday at 08:00". */
export function rhythmWords({ rhythm, hour, weekday }: Pick<Alert, "rhythm" | "hour" | "weekday">): string {
  const at = `${String(hour).padStart(2, "0")}:00`;
  return t(`alerts_when_${rhythm}`, { at, day: dayName(weekday) });
}

/** 0 is Monday. */
export function dayName(weekday: number): string {
  const monday = Date.UTC(2026, 10, 23);
  return new Intl.DateTimeFormat(language(), { weekday: "long", timeZone: "UTC" }).format(
    monday + weekday * 86_400_000,
  );
}

export function nextWords(alert: Alert, brand: Brand): string {
  if (alert.paused) return "";
  const waiting = alert.waiting > 0 ? plural("alerts_waiting", alert.waiting) : "";
  const next =
    alert.next_at && (alert.rhythm !== "at_once" || alert.waiting > 0) ? moment(alert.next_at, brand.time_zone) : "";
  return [next && t("alerts_next", { at: next }), waiting].filter(Boolean).join(" · ");
}

/** Where it leads: "ntfy.sh/cafe", "eve@example.org and 2 more". */
export function whereTo({ kind, setup }: Channel): string {
  if (kind === "email") {
    const to = (setup.to as string[] | undefined) ?? [];
    return to.length > 1
      ? t("channel_to_more", { first: to[0]!, n: to.length - 1 })
      : (to[0] ?? t("channel_to_nobody"));
  }
  if (kind === "telegram") return String(setup.chat ?? "");
  if (kind === "ntfy") return `${String(setup.server ?? "").replace(/^https?:\/\//, "")}/${setup.topic}`;
  return String(setup.address ?? "");
}
