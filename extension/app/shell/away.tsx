import { Unplug, UserRound } from "lucide";
import type { ApiError } from "../../shared/api";
import { inExtension } from "../../shared/browser";
import { t } from "../../shared/i18n";
import { Button, Empty, Icon } from "../../shared/ui";

/** The server refused us: what to do to come in again. */
export function LoginNeeded() {
  return (
    <main class="alone">
      <Empty icon={Unplug} title={t(inExtension ? "app_not_paired" : "app_login_needed")}>
        <p>{t(inExtension ? "app_not_paired_text" : "app_login_needed_text")}</p>
        {!inExtension && <code>entregent login</code>}
      </Empty>
    </main>
  );
}

/** This page is one person's, and by now another is logged in: nothing is done in that one's name before it is read anew. */
export function AnotherPerson() {
  return (
    <div class="note warn" role="alert">
      <Icon icon={UserRound} />
      <span class="grow">{t("error_another_person")}</span>
      <Button onClick={() => location.reload()}>{t("app_reload")}</Button>
    </div>
  );
}

/** The server does not answer: a page of its own while nothing was ever read, one line above what is on screen later. */
export function AppAway({ error, onRetry, small }: { error: ApiError; onRetry: () => void; small?: boolean }) {
  if (small) {
    return (
      <div class="note warn" role="status">
        <Icon icon={Unplug} />
        <span class="grow">{t("app_away_line")}</span>
        <Button onClick={onRetry}>{t("inbox_retry")}</Button>
      </div>
    );
  }
  return (
    <main class="alone">
      <Empty icon={Unplug} title={t("app_away")}>
        <p>{t("app_away_text")}</p>
        <p class="small faint">{error.text}</p>
        <Button kind="primary" onClick={onRetry}>
          {t("inbox_retry")}
        </Button>
      </Empty>
    </main>
  );
}
