/** What the server says of a query (`/queries/read`), in the reader's words. */
import { t } from "../../../shared/i18n";

export interface QueryReading {
  normalised: string;
  parts: { key: string; texts: string[] }[];
  advice: { key: string; texts: string[]; start: number; end: number }[];
  wider: { key: string; text: string; query: string }[];
}

/** "with café, one of terrasse or bar, without pub". */
export function saidWords(parts: QueryReading["parts"]): string {
  return parts.map(partWords).join(", ");
}

function partWords({ key, texts }: QueryReading["parts"][number]): string {
  const either = (one: string, other: string) => t("query_said_or", { one, other });
  return t(key, { words: key === "query_explain_any" ? texts.reduce(either) : texts.join(", ") });
}
