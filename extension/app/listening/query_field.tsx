/** The query while it is written: lit by part, said in words, and what is wrong with it, each with its way out. */
import { TriangleAlert } from "lucide";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { ApiError, type Client } from "../../shared/api";
import { t } from "../../shared/i18n";
import { Icon, TextArea } from "../../shared/ui";
import { FaultLine } from "../inbox/find/fault";
import { faultOf, isUnfinished } from "../inbox/find/fixes";
import { type QueryReading, saidWords } from "../inbox/find/said";
import { readSearch } from "../inbox/find/words";
import { litPieces } from "./lit";

/** After the last key, before the words are asked for. */
const PAUSE_MS = 250;
/** Who stops that long has finished. */
const FINISHED_MS = 1_500;

/** What the server says of a query that can be read; the one before while it is asked. */
export function useReading(client: Client, query: string): QueryReading | undefined {
  const [state, setState] = useState<QueryReading>();
  const wanted = query.trim();
  useEffect(() => {
    if (!wanted || readSearch(wanted, true).fault) {
      setState(undefined);
      return;
    }
    let dropped = false;
    const timer = setTimeout(() => {
      client.post<QueryReading>("/queries/read", { query: wanted, use: "keyword" }).then(
        (reading) => dropped || setState(reading),
        (error: unknown) => {
          if (!dropped) setState(undefined);
          if (!(error instanceof ApiError)) throw error;
        },
      );
    }, PAUSE_MS);
    return () => {
      dropped = true;
      clearTimeout(timer);
    };
  }, [client, wanted]);
  return state;
}

interface QueryFieldProps {
  query: string;
  placeholder: string;
  /** What the server refused of this query. */
  refused: ApiError | undefined;
  reading: QueryReading | undefined;
  onText: (query: string) => void;
  onKeyDown: (event: KeyboardEvent) => void;
}

/** To the words, where the form is open: what is written there stays. */
export const toQuery = (): void => document.querySelector<HTMLElement>(".query-field textarea")?.focus();

export function QueryField({ query, placeholder, refused, reading, onText, onKeyDown }: QueryFieldProps) {
  const box = useRef<HTMLDivElement>(null);
  const [finished, setFinished] = useState(false);
  useEffect(() => {
    setFinished(false);
    const timer = setTimeout(() => setFinished(true), FINISHED_MS);
    return () => clearTimeout(timer);
  }, [query]);
  const local = query.trim() ? readSearch(query, true).fault : undefined;
  const theirs = refused?.code === "query_syntax" ? faultOf(refused, query) : undefined;
  const fault = local && !finished && isUnfinished(query, local) ? undefined : (local ?? theirs);
  const field = () => box.current?.querySelector("textarea");
  return (
    <div class="query-field" ref={box}>
      <TextArea
        label={t("listening_query")}
        hint={t("listening_query_hint")}
        value={query}
        rows={1}
        autoFocus
        spellcheck={false}
        placeholder={placeholder}
        onText={onText}
        onKeyDown={onKeyDown}
        onBlur={() => setFinished(true)}
      />
      <Lit query={query} fault={fault} field={field} />
      {fault ? (
        <FaultLine
          text={query}
          fault={fault}
          onMend={(mended) => {
            onText(mended);
            field()?.focus();
          }}
          onGo={() => {
            field()?.focus();
            field()?.setSelectionRange(fault.start, fault.end);
          }}
        />
      ) : (
        reading && <Said reading={reading} />
      )}
    </div>
  );
}

/** The same text over the field, in colours; the field's own is invisible but for its caret. */
function Lit({
  query,
  fault,
  field,
}: {
  query: string;
  fault: Parameters<typeof litPieces>[1];
  field: () => HTMLTextAreaElement | null | undefined;
}) {
  const over = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const under = field();
    const mirror = over.current;
    if (!under || !mirror) return;
    const follow = () => {
      mirror.style.insetBlockStart = `${under.offsetTop}px`;
      mirror.style.insetInlineStart = `${under.offsetLeft}px`;
      mirror.style.inlineSize = `${under.offsetWidth}px`;
      mirror.style.blockSize = `${under.offsetHeight}px`;
      mirror.scrollTop = under.scrollTop;
    };
    follow();
    const watch = new ResizeObserver(follow);
    watch.observe(under);
    under.addEventListener("scroll", follow);
    return () => {
      watch.disconnect();
      under.removeEventListener("scroll", follow);
    };
  }, [query]);
  return (
    <div ref={over} class="query-lit input" aria-hidden="true">
      {litPieces(query, fault).map(({ text, kinds }, at) => (
        <span key={at} class={kinds.map((kind) => `q-${kind}`).join(" ")}>
          {text}
        </span>
      ))}
    </div>
  );
}

/** "Finds mentions with “café”, with “terrasse” or “bar”, without “pub”", and what somebody should know of it. */
function Said({ reading: { said, advice } }: { reading: QueryReading }) {
  return (
    <div class="query-said" role="status">
      <p class="small muted">{t("query_said", { parts: saidWords(said) })}</p>
      {advice.map(({ key, texts }) => (
        <p key={key} class="query-advice">
          <Icon icon={TriangleAlert} />
          <span>{t(key, { one: texts[0] ?? "", other: texts[1] ?? "" })}</span>
        </p>
      ))}
    </div>
  );
}
