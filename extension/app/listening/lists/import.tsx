/** A list of sources comes in: what is in it, then a click, then how far it is, then a way back. */
import { CircleAlert, ListPlus, Undo2, X } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import { ApiError, type Client } from "../../../shared/api";
import { hasMessage, number, plural, t } from "../../../shared/i18n";
import type { Brand } from "../../../shared/types";
import { PURPOSES } from "../../../shared/types";
import { Button, Chip, Icon, IconButton, toast, undoable } from "../../../shared/ui";
import { textOf } from "./file";

const LOOK_MS = 700;
const MAX_BYTES = 6_000_000;

export interface ImportState {
  id: string;
  state: "staged" | "running" | "done" | "undoing" | "undone";
  new: number;
  known: number;
  twice: number;
  wrong: number;
  /** Line from which it was read by guessing, 0 = it is well formed. */
  mended: number;
  applied: number;
  created: number;
  by_purpose: Record<string, number>;
  entries: { name: string; url: string; kind: string; purpose: string }[];
  problems: { line: number; title: string; url: string; code: string }[];
}

interface ImportListProps {
  client: Client;
  brand: Brand;
  file: File;
  /** Sources came or went. */
  onChanged: () => void;
  onClose: () => void;
}

export function ImportList({ client, brand, file, onChanged, onClose }: ImportListProps) {
  const [list, setList] = useState<ImportState>();
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);
  const panel = useRef<HTMLElement>(null);

  /** Counts what was asked: an answer to what was asked before is of another file, or older than what is shown. */
  const turn = useRef(0);
  const asking = useRef(false);
  const ask = async (work: () => Promise<ImportState>) => {
    const mine = ++turn.current;
    asking.current = true;
    setWrong("");
    setBusy(true);
    try {
      const now = await work();
      if (mine === turn.current) setList(now);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (mine !== turn.current) return;
      const line = Number(error.extra.line) || 0;
      setWrong(line > 0 ? `${error.text} ${t("lists_at_line", { line })}` : error.text);
    } finally {
      if (mine === turn.current) {
        asking.current = false;
        setBusy(false);
      }
    }
  };
  useEffect(() => {
    panel.current?.focus();
    setList(undefined);
    void ask(async () => {
      if (file.size > MAX_BYTES) throw new ApiError(413, "too_large", "");
      const opml = textOf(new Uint8Array(await file.arrayBuffer()));
      return client.post<ImportState>("/sources/import", { brand_id: brand.id, opml });
    });
  }, [file]);

  const going = list?.state === "running" || list?.state === "undoing";
  useEffect(() => {
    if (!going || !list) return;
    let ended = false;
    const timer = setInterval(async () => {
      if (asking.current) return;
      const asked = turn.current;
      try {
        const now = await client.get<ImportState>(`/sources/imports/${list.id}`);
        if (!ended && asked === turn.current) setList(now);
      } catch (error) {
        // The server may be away for a moment; the work goes on without us.
        if (!(error instanceof ApiError)) throw error;
      }
    }, LOOK_MS);
    return () => {
      ended = true;
      clearInterval(timer);
    };
  }, [going, list?.id]);

  const shown = useRef("");
  shown.current = list?.id ?? "";
  useEffect(
    () => () => {
      turn.current++;
      shown.current = "";
    },
    [],
  );
  const undo = (id: string) => {
    const work = () => client.post<ImportState>(`/sources/imports/${id}/undo`);
    if (shown.current === id) return void ask(work);
    // From its notice, when the panel is closed or shows another file.
    work().then(onChanged, (error) => toast(error instanceof ApiError ? error.text : t("error_internal")));
  };
  const before = useRef("");
  useEffect(() => {
    if (!list || before.current === list.state) return;
    const came = before.current === "running" && list.state === "done";
    before.current = list.state;
    if (list.state === "done" || list.state === "undone") onChanged();
    if (came) undoable(plural("lists_done", list.created), () => undo(list.id));
  }, [list?.state]);

  return (
    <section class="card stack list-import" aria-label={t("lists_import")} tabIndex={-1} ref={panel}>
      <header class="row">
        <h2 class="grow cut">{file.name}</h2>
        <IconButton icon={X} label={t("ui_close")} onClick={onClose} />
      </header>
      {wrong && (
        <p class="wrong" role="alert">
          {wrong}
        </p>
      )}
      {!list && !wrong && <p role="status">{t("lists_reading")}</p>}
      {list && <Found list={list} />}
      {list && (
        <div class="row wrap">
          {list.state === "staged" && list.new > 0 && (
            <Button
              kind="primary"
              icon={ListPlus}
              busy={busy}
              onClick={() => void ask(() => client.post<ImportState>(`/sources/imports/${list.id}/start`))}
            >
              {plural("lists_start", list.new, { n: number(list.new) })}
            </Button>
          )}
          {(list.state === "running" || (list.state === "done" && list.created > 0)) && (
            <Button icon={Undo2} busy={busy} onClick={() => undo(list.id)}>
              {t("lists_undo")}
            </Button>
          )}
          {!going && <Button onClick={onClose}>{t(list.state === "staged" ? "ui_cancel" : "ui_close")}</Button>}
        </div>
      )}
    </section>
  );
}

function Found({ list }: { list: ImportState }) {
  const facts = [
    plural("lists_new", list.new, { n: number(list.new) }),
    list.known > 0 && plural("lists_known", list.known, { n: number(list.known) }),
    list.twice > 0 && plural("lists_twice", list.twice, { n: number(list.twice) }),
    list.wrong > 0 && plural("lists_wrong", list.wrong, { n: number(list.wrong) }),
  ].filter(Boolean);
  return (
    <>
      {list.state === "staged" && <p role="status">{facts.join(" · ")}</p>}
      {(list.state === "running" || list.state === "undoing") && <Progress list={list} />}
      {list.state === "done" && <p role="status">{plural("lists_done", list.created, { n: number(list.created) })}</p>}
      {list.state === "undone" && <p role="status">{t("lists_undone")}</p>}
      {list.state === "staged" && list.mended > 0 && (
        <div class="note warn">
          <Icon icon={CircleAlert} />
          <p>{t("lists_mended", { line: list.mended })}</p>
        </div>
      )}
      {list.state === "staged" && list.new > 0 && (
        <>
          <ul class="row wrap">
            {PURPOSES.filter((purpose) => list.by_purpose[purpose]).map((purpose) => (
              <li key={purpose}>
                <Chip>
                  {t("sources_counted", { name: t(`purpose_${purpose}`), n: number(list.by_purpose[purpose]!) })}
                </Chip>
              </li>
            ))}
          </ul>
          <details>
            <summary>{t("lists_see")}</summary>
            <ul class="list-entries small">
              {list.entries.map((entry) => (
                <li key={entry.url}>
                  {entry.name} <span class="faint">{entry.name === entry.url ? "" : entry.url}</span>
                </li>
              ))}
              {list.new > list.entries.length && (
                <li class="muted">{plural("listening_more", list.new - list.entries.length)}</li>
              )}
            </ul>
          </details>
        </>
      )}
      {list.problems.length > 0 && (
        <details open={list.state === "staged"}>
          <summary>{t("lists_problems")}</summary>
          <ul class="list-entries small">
            {list.problems.map((problem) => (
              <li key={`${problem.line} ${problem.url}`}>
                <span class="muted">{problem.line > 0 && t("lists_line", { line: problem.line })}</span>{" "}
                {problem.title || problem.url} <span class="muted">{problemWords(problem.code)}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function Progress({ list }: { list: ImportState }) {
  const undoing = list.state === "undoing";
  const words = undoing ? t("lists_undoing") : t("lists_progress", { n: number(list.applied), of: number(list.new) });
  return (
    <div class="stack tight" role="status">
      <progress aria-label={words} max={list.new} value={undoing ? undefined : list.applied} />
      <span>{words}</span>
    </div>
  );
}

function problemWords(code: string): string {
  return hasMessage(`lists_problem_${code}`) ? t(`lists_problem_${code}`) : code;
}
