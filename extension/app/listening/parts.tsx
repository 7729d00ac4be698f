import { t } from "../../shared/i18n";
import { writeRoute } from "../router";

const PARTS = [
  { page: "listening", words: "listening_keywords" },
  { page: "sources", words: "app_sources" },
] as const;

/** The two pages of listening: what for, and where. */
export function ListeningParts({ here }: { here: (typeof PARTS)[number]["page"] }) {
  return (
    <nav class="parts" aria-label={t("app_listening")}>
      {PARTS.map(({ page, words }) => (
        <a key={page} href={writeRoute(page)} aria-current={page === here ? "page" : undefined}>
          {t(words)}
        </a>
      ))}
    </nav>
  );
}
