/** A search that found nothing: what was asked, why it may be, and up to three ways to find more. */
import { useEffect, useState } from "preact/hooks";
import { ApiError, type Client } from "../../../shared/api";
import { plural, t } from "../../../shared/i18n";
import { Button } from "../../../shared/ui";
import { type QueryReading, saidWords } from "./said";

interface WiderProps {
  client: Client;
  q: string;
  onSearch: (q: string) => void;
}

export function Wider({ client, q, onSearch }: WiderProps) {
  const [reading, setReading] = useState<QueryReading>();
  useEffect(() => {
    setReading(undefined);
    if (!q) return;
    let dropped = false;
    client.post<QueryReading>("/queries/read", { query: q, use: "search" }).then(
      (read) => dropped || setReading(read),
      (error: unknown) => {
        // The list says already that the server is away, or that the search cannot be read.
        if (!(error instanceof ApiError)) throw error;
      },
    );
    return () => {
      dropped = true;
    };
  }, [client, q]);
  if (!reading) return null;
  return (
    <div class="find-wider">
      <p class="small muted">{t("query_said", { parts: saidWords(reading.said) })}</p>
      {reading.advice.map(({ key, texts }) => (
        <p key={key} class="small">
          {t(key, { one: texts[0] ?? "", other: texts[1] ?? "" })}
        </p>
      ))}
      {reading.wider.length > 0 && (
        <>
          <p class="small muted">{plural("query_widen_title", reading.wider.length)}</p>
          <div class="row wrap">
            {reading.wider.map((one) => (
              <Button key={one.key} title={one.query} onClick={() => onSearch(one.query)}>
                {t(one.key, { text: one.text })}
              </Button>
            ))}
          </div>
        </>
      )}
    </div>
  );
}
