/** Saved replies: a list to look through, and one of them to write. */
import { MessageSquareText, Plus, Search, Unplug } from "lucide";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { ApiError, type Client } from "../../shared/api";
import { languageName, plural, t } from "../../shared/i18n";
import type { Page, SavedReply } from "../../shared/types";
import { Button, Empty, Icon, Kbd, Select, Skeleton, toast, undoable, useKeys, useLoad } from "../../shared/ui";
import { may, type PageProps } from "../page";
import { type Draft, draftOf, EMPTY, isSame, readTags } from "./draft";
import { Editor } from "./editor";
import { ReplyList } from "./list";
import { plainWords } from "./variables";
import "./replies.css";

const MOST = 2000;
const NEW = "new";

/** All of a brand's replies: a person looks through dozens, not thousands. */
async function readReplies(client: Client, brand_id: string): Promise<SavedReply[]> {
  const all: SavedReply[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<SavedReply> = await client.get("/replies", { brand_id, limit: 200, cursor });
    all.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor && all.length < MOST);
  return all;
}

export function RepliesPage({ client, brand, params, setParams }: PageProps) {
  const list = useLoad(() => readReplies(client, brand.id), [client, brand.id]);
  const [q, setQ] = useState("");
  const [language, setLanguage] = useState("");
  const [drafts, setDrafts] = useState<Record<string, Draft>>({});
  const [error, setError] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  const readonly = !may(brand, "editor");
  const search = useRef<HTMLInputElement>(null);
  const all = list.value ?? [];
  const newest = useRef(all);
  newest.current = all;

  useEffect(
    () => client.onChange((kinds) => kinds.some((kind) => /^(reply\.|$)/.test(kind)) && list.reload()),
    [client],
  );

  const words = plainWords(q);
  const shown = useMemo(
    () =>
      all.filter(
        (reply) =>
          (!language || reply.language === language || reply.language === "und") &&
          (!words || words.split(" ").every((word) => haystack(reply).includes(word))),
      ),
    [all, words, language],
  );
  const languages = [...new Set(all.map((reply) => reply.language))].filter((code) => code && code !== "und");
  const id = params.id ?? "";
  const shown_id = useRef(id);
  shown_id.current = id;
  const reply = all.find((one) => one.id === id);
  const start = reply ? draftOf(reply) : { ...EMPTY, text: id === NEW ? (params.text ?? "") : "" };
  const draft = drafts[id] ?? start;
  const unsaved = (one: SavedReply) => Boolean(drafts[one.id] && !isSame(drafts[one.id]!, draftOf(one)));

  const open = (wanted: string) => {
    setError(undefined);
    setParams(wanted ? { id: wanted } : {});
  };
  const clear = () => {
    setQ("");
    setLanguage("");
  };
  const setDraft = (wanted: Draft | undefined, of = id) =>
    setDrafts((old) => {
      const { [of]: _, ...rest } = old;
      return wanted ? { ...rest, [of]: wanted } : rest;
    });

  const save = async () => {
    setBusy(true);
    setError(undefined);
    const { title, shortcut, text } = draft;
    const body = { title, shortcut: shortcut.replace(/^\//, ""), text, tags: readTags(draft.tags) };
    const said = draft.language ? { language: draft.language } : {};
    try {
      const saved = reply
        ? await client.patch<SavedReply>(`/replies/${reply.id}`, { ...body, ...said, version: reply.version })
        : await client.post<SavedReply>("/replies", { ...body, ...said, brand_id: brand.id });
      const others = newest.current.filter((one) => one.id !== saved.id);
      const at = newest.current.findIndex((one) => one.id === saved.id);
      list.set(others.toSpliced(Math.max(at, 0), 0, saved));
      // What was written while it was sent goes on, and who went elsewhere stays there.
      setDrafts(({ [id]: now, ...rest }) => (now && now !== draft ? { ...rest, [saved.id]: now } : rest));
      if (shown_id.current === id) open(saved.id);
      toast(t("replies_saved", { title: saved.title }));
    } catch (thrown) {
      if (!(thrown instanceof ApiError)) throw thrown;
      setError(thrown);
      // Somebody else saved it first: theirs is what is compared with from now on, ours stays in the fields.
      const current = thrown.extra.current as SavedReply | undefined;
      if (current) {
        list.set(newest.current.map((one) => (one.id === current.id ? current : one)));
        setDrafts((old) => ({ [id]: draft, ...old }));
      }
    } finally {
      setBusy(false);
    }
  };

  const remove = async () => {
    if (!reply) return;
    const at = all.indexOf(reply);
    list.set(all.toSpliced(at, 1));
    open("");
    try {
      await client.del(`/replies/${reply.id}`);
      undoable(t("replies_deleted", { title: reply.title }), () => {
        void client.post<SavedReply>(`/replies/${reply.id}/restore`).then(list.reload, complain);
      });
    } catch (thrown) {
      list.reload();
      complain(thrown);
    }
  };

  const starters = async () => {
    setBusy(true);
    try {
      const made = await client.post<{ items: SavedReply[] }>("/replies/starters", {
        brand_id: brand.id,
        languages: brand.languages,
        address: brand.address,
      });
      list.reload();
      toast(plural("replies_starters_made", made.items.length));
    } catch (thrown) {
      complain(thrown);
    } finally {
      setBusy(false);
    }
  };

  useKeys(
    [
      { key: "/", label: t("replies_search"), run: () => search.current?.select() },
      { key: "n", label: t("replies_new"), run: () => !readonly && open(NEW) },
    ],
    [readonly],
  );

  const editing = id === NEW || reply;
  return (
    <section class={`page replies-all ${editing ? "editing" : ""}`}>
      <header class="row wrap replies-top">
        <h1 class="grow">{t("replies_page")}</h1>
        {!readonly && (
          <Button kind="primary" icon={Plus} shortcut="n" onClick={() => open(NEW)}>
            {t("replies_new")}
          </Button>
        )}
      </header>
      <div class="replies-columns">
        <div class="replies-side">
          <div class="row">
            <search class="replies-find grow">
              <Icon icon={Search} />
              <input
                ref={search}
                value={q}
                type="text"
                inputMode="search"
                aria-label={t("replies_search")}
                placeholder={t("replies_search")}
                onInput={(event) => setQ(event.currentTarget.value)}
                onKeyDown={(event) => event.key === "Escape" && (q ? setQ("") : search.current?.blur())}
              />
              <Kbd>/</Kbd>
            </search>
            {languages.length > 1 && (
              <div class="replies-language">
                <Select
                  quiet
                  label={t("replies_language")}
                  value={language}
                  options={[
                    { value: "", label: t("replies_all_languages") },
                    ...languages.map((code) => ({ value: code, label: languageName(code) })),
                  ]}
                  onChoose={setLanguage}
                />
              </div>
            )}
          </div>
          {list.loading && !list.value && <Skeleton rows={6} />}
          {list.error && !list.value && (
            <Empty icon={Unplug} title={t("inbox_away_title")}>
              <p>{list.error.text}</p>
              <Button onClick={list.reload}>{t("inbox_retry")}</Button>
            </Empty>
          )}
          {list.value && all.length === 0 && (
            <Empty icon={MessageSquareText} title={t("replies_none")}>
              <p>{t("replies_none_text")}</p>
              {!readonly && (
                <div class="row wrap">
                  <Button kind="primary" busy={busy} onClick={() => void starters()}>
                    {t("replies_starters")}
                  </Button>
                  <Button onClick={() => open(NEW)}>{t("replies_write_one")}</Button>
                </div>
              )}
            </Empty>
          )}
          {all.length > 0 && shown.length === 0 && (
            <Empty icon={Search} title={t("replies_none_fits")}>
              <Button onClick={clear}>{t("inbox_clear_filters")}</Button>
            </Empty>
          )}
          <ReplyList replies={shown} chosen={id} languages={languages.length} isUnsaved={unsaved} onOpen={open} />
        </div>
        {editing ? (
          <Editor
            key={id}
            brand={brand}
            reply={reply}
            draft={draft}
            others={all.filter((one) => one.id !== id)}
            error={error}
            busy={busy}
            unsaved={!isSame(draft, reply ? draftOf(reply) : EMPTY)}
            readonly={readonly}
            onDraft={(wanted) => setDraft(wanted)}
            onSave={() => void save()}
            onDelete={() => void remove()}
            onBack={() => open("")}
            onGoTo={(one) => open(one.id)}
          />
        ) : (
          all.length > 0 && (
            <div class="replies-editor replies-nothing">
              <Empty icon={MessageSquareText} title={t("replies_choose")}>
                <p>{t("replies_choose_text")}</p>
              </Empty>
            </div>
          )
        )}
      </div>
    </section>
  );
}

function haystack(reply: SavedReply): string {
  return plainWords(`${reply.title} ${reply.shortcut} ${reply.tags.join(" ")} ${reply.text}`);
}

function complain(error: unknown): void {
  toast(error instanceof ApiError ? error.text : t("error_internal"));
}
