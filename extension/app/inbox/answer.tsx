/** Answering here: what was said before, saved replies that fit, one text box, one button that sends. */
import { Send } from "lucide";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { ApiError, type Client } from "../../shared/api";
import { type CountRules, count } from "../../shared/counting";
import { ago, plural, t } from "../../shared/i18n";
import type { Suggestion, Suggestions } from "../../shared/messages";
import { newId } from "../../shared/random";
import { keep, kept } from "../../shared/storage";
import type { Mention } from "../../shared/types";
import { Button, Select, toast } from "../../shared/ui";
import { Conversation } from "./conversation";
import { nameOf, networkName } from "./who";

/** An account that can answer, how an answer has to begin to reach its reader, and how long it may be there: a direct
 * message is not counted like a post. */
interface Voice {
  account_id: string;
  network: string;
  handle: string;
  opening: string;
  /** Older servers leave it out. */
  counting?: CountRules;
}

/** What a brand's accounts can do, read once for the whole list. */
export interface AnsweringAccount {
  id: string;
  network: string;
  counting: CountRules;
}

interface AnswerProps {
  client: Client;
  mention: Mention;
  accounts: AnsweringAccount[];
  onSent: (mention: Mention) => void;
  onClose: () => void;
}

const draftName = (mention: Mention) => `answer.${mention.id}`;
const BLANK = /\[[^\][\n]{1,80}\](?!\()/;
const SAVE_AFTER_MS = 300;
/** Replies that fit are shown beneath the conversation, and wait for it so long: they do not move under a finger. */
const CONVERSATION_MS = 1_000;

export function AnswerBox({ client, mention, accounts, onSent, onClose }: AnswerProps) {
  const box = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const [voices, setVoices] = useState<Voice[]>();
  const [chosen, setChosen] = useState("");
  const [fitting, setFitting] = useState<Suggestions>();
  const [settled, setSettled] = useState(false);
  const [used, setUsed] = useState<Suggestion>();
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<{ words: string; again?: boolean }>();
  // The same words sent twice by two clicks are one answer.
  const key = useRef(newId());
  const touched = useRef(false);
  /** Written and not kept yet. */
  const unkept = useRef<string>(undefined);
  /** What is to be selected as soon as the box holds the words it lies in. */
  const selection = useRef<[number, number] | undefined>(undefined);

  const voice = voices?.find(({ account_id }) => account_id === chosen) ?? voices?.[0];
  const rules = voice?.counting ?? accounts.find((one) => one.id === voice?.account_id)?.counting;

  useEffect(() => {
    let gone = false;
    // What was written before is there also while the server is away.
    const draft = kept<string>(draftName(mention));
    void draft.then((words) => words && !gone && !touched.current && setText(words));
    void Promise.all([client.get<{ items: Voice[] }>(`/mentions/${mention.id}/voices`), draft]).then(
      ([{ items }, words]) => {
        if (gone) return;
        setVoices(items);
        if (!touched.current) setText(words || items[0]?.opening || "");
        if (items.length === 0) setProblem({ words: t("error_no_voice") });
      },
      (error: unknown) => gone || setProblem({ words: wordsOf(error) }),
    );
    void client.post<Suggestions>("/suggestions", { mention_id: mention.id, limit: 3 }).then(
      (found) => gone || setFitting(found),
      () => undefined, // one can write without them
    );
    box.current?.focus();
    const waited = setTimeout(() => setSettled(true), CONVERSATION_MS);
    return () => {
      gone = true;
      clearTimeout(waited);
    };
  }, [mention.id]);

  useEffect(() => {
    // The caret stands behind the handle that an answer begins with.
    if (voices && !touched.current) box.current?.setSelectionRange(text.length, text.length);
  }, [voices]);

  // Before the next key: what is typed then goes over the selected words.
  useLayoutEffect(() => {
    if (selection.current) box.current?.setSelectionRange(...selection.current);
    selection.current = undefined;
  }, [text]);

  const keepNow = () => {
    if (unkept.current !== undefined) void keep(draftName(mention), unkept.current || null);
    unkept.current = undefined;
  };
  useEffect(() => {
    if (!touched.current) return;
    const timer = setTimeout(keepNow, SAVE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [text]);
  // Nor are the last words lost to Escape, or to the end of a popup.
  useEffect(() => {
    addEventListener("pagehide", keepNow);
    return () => {
      removeEventListener("pagehide", keepNow);
      keepNow();
    };
  }, [mention.id]);

  const write = (written: string) => {
    touched.current = true;
    unkept.current = written;
    key.current = newId();
    setProblem(undefined);
    setText(written);
  };
  const take = (suggestion: Suggestion) => {
    const opening = voice?.opening ?? "";
    const before = text.trim() === opening.trim() ? opening : `${text.trimEnd()}\n\n`;
    write(before + suggestion.text);
    setUsed(suggestion);
    const blank = BLANK.exec(suggestion.text);
    const from = before.length + (blank?.index ?? suggestion.text.length);
    selection.current = [from, from + (blank?.[0].length ?? 0)];
    box.current?.focus();
    tell("inserted", suggestion);
  };
  const tell = (outcome: "inserted" | "sent", { reply_id }: Suggestion) =>
    fitting &&
    void client
      .post(`/suggestions/${fitting.id}/feedback`, {
        reply_id,
        outcome,
        ...(outcome === "sent" && { final_text: text }),
      })
      .catch(() => undefined);

  const size = rules && count(text, rules);
  const said = voice ? text.trim() !== voice.opening.trim() && text.trim() !== "" : false;
  const send = async (again = false) => {
    if (!voice || busy || !said) return;
    const blank = BLANK.exec(text);
    if (blank && text.includes(blank[0]) && used?.blanks.some((one) => blank[0] === `[${one}]`)) {
      setProblem({ words: t("inbox_answer_blank", { blank: blank[0] }) });
      box.current?.focus();
      box.current?.setSelectionRange(blank.index, blank.index + blank[0].length);
      return;
    }
    setBusy(true);
    setProblem(undefined);
    try {
      const body = { text, account_id: voice.account_id, ...(again && { again }) };
      await client.post(`/mentions/${mention.id}/answer`, body, key.current);
      unkept.current = undefined; // it is sent: no draft any more
      await keep(draftName(mention), null);
      if (used) tell("sent", used);
      toast(t("inbox_answer_sent", { name: nameOf(mention), network: networkName(mention.network) }));
      onSent(await client.get<Mention>(`/mentions/${mention.id}`));
    } catch (error) {
      const twice = error instanceof ApiError && error.code === "answered_already";
      const { by, at } = (twice ? error.extra : {}) as { by?: string; at?: string };
      const who = { by: by || t("inbox_somebody"), at: at ? ago(at) : "" };
      setProblem(twice ? { words: t("inbox_answer_twice", who), again: true } : { words: wordsOf(error) });
      if (twice) key.current = newId();
    } finally {
      setBusy(false);
    }
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the box and its buttons
    <div
      class="answer"
      onClick={(event) => event.stopPropagation()} // the row's click takes the focus to the list
      onKeyDown={(event) => {
        event.stopPropagation(); // the list's keys are not for what is written here
        if (event.key === "Escape") {
          event.preventDefault(); // a popup would close
          onClose();
        } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          void send();
        }
      }}
    >
      <Conversation client={client} mention={mention} onSettled={() => setSettled(true)} />
      {settled && fitting && fitting.items.length > 0 && (
        <ul class="answer-fits" aria-label={t("inbox_answer_fits")}>
          {fitting.items.map((item) => (
            <li key={item.reply_id}>
              <button type="button" title={item.text} onClick={() => take(item)}>
                <b>{item.title}</b> <span class="muted">{item.text}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <label class="visually-hidden" for={id}>
        {t("inbox_answer_label", { name: nameOf(mention) })}
      </label>
      <textarea
        ref={box}
        id={id}
        class="input"
        rows={3}
        value={text}
        lang={mention.language === "und" ? undefined : mention.language}
        placeholder={t("inbox_answer_hint")}
        onInput={(event) => write(event.currentTarget.value)}
      />
      {problem && (
        <p class="answer-problem" role="alert">
          {problem.words}{" "}
          {problem.again && (
            <Button onClick={() => void send(true)} busy={busy}>
              {t("inbox_answer_again")}
            </Button>
          )}
        </p>
      )}
      <div class="inbox-acts">
        <Button
          kind="primary"
          icon={Send}
          busy={busy}
          disabled={!said || size?.fits === false}
          onClick={() => void send()}
        >
          {t(mention.addressed === "direct" ? "inbox_answer_send_private" : "inbox_answer_send")}
        </Button>
        <Button onClick={onClose}>{t("ui_cancel")}</Button>
        <span class="grow" />
        {size && (
          <span class={size.fits ? "small muted" : "small answer-over"} role="status">
            {size.fits ? t("compose_left", { n: size.left }) : plural("compose_too_many", -size.left)}
          </span>
        )}
      </div>
      {voices && voices.length > 1 ? (
        <Select
          label={t("inbox_answer_as")}
          value={voice?.account_id ?? ""}
          options={voices.map((one) => ({ value: one.account_id, label: one.handle }))}
          onChoose={setChosen}
        />
      ) : (
        voice && <p class="small muted">{t("inbox_answer_as_one", { handle: voice.handle })}</p>
      )}
    </div>
  );
}

function wordsOf(error: unknown): string {
  return error instanceof ApiError ? error.text : t("error_internal");
}
