import type { ApiError } from "../shared/api";
import { t } from "../shared/i18n";
import { Button } from "../shared/ui";

/** What could not be read, in words, and another try; nothing where all could. */
export function Unread({ error, onRetry }: { error: ApiError | undefined; onRetry: () => void }) {
  if (!error) return null;
  return (
    <p class="row wrap" role="alert">
      <span class="wrong">{error.text}</span>
      <Button onClick={onRetry}>{t("inbox_retry")}</Button>
    </p>
  );
}
