import { ArrowLeft, Send, Trash2 } from "lucide";
import { useEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
import { ApiError, type Client } from "../../shared/api";
import { inExtension } from "../../shared/browser";
import { clock, t } from "../../shared/i18n";
import { send } from "../../shared/send";
import type { Brand } from "../../shared/types";
import { Button, IconButton, toast, undoable } from "../../shared/ui";
import { may } from "../page";
import { Deliveries, isMoving, wordsOf } from "./deliveries";
import { type Draft, draftOf, emptyDraft, isEmpty, isSame } from "./draft";
import { Elsewhere } from "./elsewhere";
import { ImageEdit } from "./image_edit";
import { Images } from "./images";
import { AccountChips, Texts } from "./pieces";
import { Saver } from "./saver";
import { Sent } from "./sent";
import { shortLinks, withAddresses } from "./shorten";
import type { Account, Attached, Network, Post } from "./types";
import { resolveWall } from "./wall";
import { longIn, WhenChoice } from "./when";

interface ComposerProps {
  client: Client;
  brand: Brand;
  accounts: Account[];
  networks: Network[];
  /** The post to go on with; undefined = a new one. */
  post: Post | undefined;
  /** What a new one begins with. */
  start: Partial<Draft>;
  /** Pictures of the page it comes from, as addresses. */
  images: string[];
  /** The first of them is to be cut or turned. */
  edit: boolean;
  /** What that page is called for the background: it hears when the post is scheduled. */
  from: string;
  here: boolean;
  /** The draft has this id from now on. */
  onId: (id: string) => void;
  /** Show another post. */
  onOpen: (id: string) => void;
  onBack: () => void;
  onNew: () => void;
  go: (page: string) => void;
}

const LOOK_AGAIN_MS = 1500;

/** One post: written, kept, sent, and followed on its ways. */
export function Composer(props: ComposerProps) {
  const { client, brand, accounts, networks, here, onId, onOpen, onBack, onNew, go } = props;
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  const saver = useMemo(() => {
    const made = new Saver(client, brand.id, () => redraw(undefined));
    made.post = props.post;
    return made;
  }, [client, brand.id]);
  const [draft, setDraft] = useState<Draft>(() =>
    props.post ? draftOf(props.post) : { ...emptyDraft(accounts.map(({ id }) => id)), ...props.start },
  );
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const [shortening, setShortening] = useState(false);
  const [why, setWhy] = useState("");
  const [sending, setSending] = useState(0);
  const [local, setLocal] = useState<Record<string, string>>({});
  const [edited, setEdited] = useState("");
  const newest = useRef(draft);
  newest.current = draft;

  const { post } = saver;
  const editor = may(brand, "editor");
  const sent = Boolean(post && post.deliveries.length > 0);
  const [editing, setEditing] = useState(false);
  const chosen = accounts.filter(({ id }) => draft.targets.includes(id));

  // What the browser kept while the server was away, or while the window closed between two letters.
  useEffect(() => {
    void saver.unsaved().then((kept) => {
      if (kept && !props.start.text && !isSame(kept, newest.current)) {
        setDraft({ ...newest.current, ...kept });
        saver.touch(kept);
        toast(t("compose_restored"));
      }
    });
    const leave = () => void saver.flush();
    addEventListener("pagehide", leave);
    return () => {
      removeEventListener("pagehide", leave);
      leave();
    };
  }, [saver]);

  const post_id = post?.id;
  useEffect(() => {
    if (post_id) onId(post_id);
  }, [post_id]);

  // Its ways are followed while it is under way.
  const reload = async () => {
    if (!saver.post) return;
    try {
      saver.post = await client.get<Post>(`/posts/${saver.post.id}`);
      redraw(undefined);
    } catch {
      // Away: the next look tells.
    }
  };
  useEffect(
    () =>
      client.onChange((kinds) => sent && kinds.some((kind) => /^(delivery\.|post\.|$)/.test(kind)) && void reload()),
    [client, sent],
  );
  const moving = sent && post!.deliveries.some(isMoving);
  useEffect(() => {
    if (!moving) return;
    const timer = setInterval(() => void reload(), LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [moving]);

  const change = (part: Partial<Draft>) => {
    const wanted = { ...newest.current, ...part };
    newest.current = wanted;
    setDraft(wanted);
    setProblem("");
    if (Object.keys(wrong).length > 0) setWrong({});
    if (!sent && Object.keys(part).some((name) => name !== "when")) saver.touch(wanted);
  };

  const publish = async () => {
    if (busy) return;
    setBusy(true);
    setProblem("");
    setWrong({});
    try {
      const done = await saver.send(newest.current, newest.current.when);
      setEditing(false);
      const { when } = newest.current;
      if (inExtension && props.from && when.when === "at") {
        const moment = resolveWall(when.at, when.zone);
        const said = moment ? longIn(moment.utc, when.zone) : when.at;
        void send("compose.scheduled", { from: props.from, moment: said }).catch(() => undefined);
      }
      setDraft(draftOf(done));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setWrong(wordsOf(error));
      if (Object.keys(error.fields).length === 0) setProblem(error.text);
    } finally {
      setBusy(false);
    }
  };

  const remove = async () => {
    if (!post) {
      saver.forget();
      return onBack();
    }
    try {
      await saver.flush();
      await client.del(`/posts/${post.id}`);
      saver.forget();
      undoable(t("compose_deleted"), () => {
        void client.post(`/posts/${post.id}/restore`).then(() => onOpen(post.id), complain);
      });
      onBack();
    } catch (error) {
      complain(error);
    }
  };

  const attach = async (files: File[]) => {
    const images = files.filter(({ type }) => type.startsWith("image/"));
    if (images.length < files.length) toast(t("compose_only_images"));
    for (const file of images) {
      setSending((n) => n + 1);
      try {
        const form = new FormData();
        form.append("brand_id", brand.id);
        form.append("file", file);
        const made = await client.post<Attached>("/media", form);
        setLocal((old) => ({ ...old, [made.id]: URL.createObjectURL(file) }));
        change({ media: [...newest.current.media, { id: made.id, alt: "", url: made.url }] });
      } catch (error) {
        complain(error);
      } finally {
        setSending((n) => n - 1);
      }
    }
  };

  /** Another file in the place of one that was cut or turned; its words stay. */
  const replaceImage = async (id: string, file: Blob): Promise<boolean> => {
    try {
      const form = new FormData();
      form.append("brand_id", brand.id);
      form.append("file", new File([file], `image.${file.type.split("/").pop()}`, { type: file.type }));
      const made = await client.post<Attached>("/media", form);
      setLocal((old) => ({ ...old, [made.id]: URL.createObjectURL(file) }));
      const swap = (from: string, to: { id: string; url: string }) =>
        change({ media: newest.current.media.map((one) => (one.id === from ? { ...one, ...to } : one)) });
      const before = newest.current.media.find((one) => one.id === id);
      swap(id, { id: made.id, url: made.url });
      if (before) undoable(t("compose_image_edited"), () => swap(made.id, { id, url: before.url }));
      return true;
    } catch (error) {
      complain(error);
      return false;
    }
  };

  // Pictures of the page this comes from: the server reads them there.
  useEffect(() => {
    for (const [n, url] of (props.post ? [] : props.images).entries()) {
      setSending((n) => n + 1);
      client
        .post<Attached>("/media/fetch", { brand_id: brand.id, url })
        .then((made) => {
          change({ media: [...newest.current.media, { id: made.id, alt: "", url: made.url }] });
          if (n === 0 && props.edit) setEdited(made.id);
        }, complain)
        .finally(() => setSending((n) => n - 1));
    }
  }, []);

  const shorten = async () => {
    setShortening(true);
    const { text: asked, variants } = newest.current;
    try {
      const { instead, withheld } = await shortLinks(client, brand.id, [asked, ...Object.values(variants)]);
      const before = newest.current; // what was written while the server was asked
      const after = eachText(before, (text) => withAddresses(text, instead));
      change(after);
      setWhy(withheld ? t("compose_not_public") : "");
      if (instead.size > 0) {
        const back = new Map([...instead].map(([long, short]) => [short, long]));
        undoable(t(withheld ? "compose_cleaned" : "compose_shortened"), () => {
          const same = isSame({ ...newest.current, ...after }, newest.current);
          const { text, variants } = before;
          change(same ? { text, variants } : eachText(newest.current, (text) => withAddresses(text, back)));
        });
      } else if (!withheld) toast(t("compose_nothing_to_shorten"));
    } catch (error) {
      complain(error);
    } finally {
      setShortening(false);
    }
  };

  const keys = (event: KeyboardEvent) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && editor && !edited) {
      event.preventDefault();
      void publish();
    }
  };
  const later = draft.when.when === "at";
  const frozen = sent && !editing;
  const can_edit =
    sent &&
    editor &&
    post!.deliveries.every(({ state }) => ["scheduled", "held", "retry_wait", "rejected", "dropped"].includes(state));
  const images = chosen.length === 0 || chosen.some((account) => account.media.images > 0);
  return (
    <form
      class="compose-form stack"
      onKeyDown={keys}
      onSubmit={(event) => {
        event.preventDefault();
        void publish();
      }}
      onDragOver={(event) => images && !frozen && event.preventDefault()}
      onDrop={(event) => {
        if (!images || frozen || !event.dataTransfer?.files.length) return;
        event.preventDefault();
        void attach([...event.dataTransfer.files]);
      }}
    >
      <header class="row">
        <IconButton icon={ArrowLeft} label={t("compose_back")} onClick={onBack} />
        <h1 class="grow">{t(sent ? "compose_post" : "compose_title")}</h1>
        <SaveState saver={saver} sent={sent} />
        {(post || !isEmpty(draft)) && (
          <IconButton
            icon={Trash2}
            label={t(
              !sent ? "compose_delete" : post?.status === "published" ? "compose_unlist" : "compose_delete_post",
            )}
            onClick={() => void remove()}
          />
        )}
      </header>

      {frozen ? (
        <Sent post={post!} accounts={accounts} local={local}>
          <Deliveries
            client={client}
            deliveries={post!.deliveries}
            accounts={accounts}
            zone={brand.time_zone}
            here={here}
            editor={editor}
            onChanged={() => void reload()}
          />
          <div class="row wrap">
            <Button kind="primary" onClick={onNew}>
              {t("compose_another")}
            </Button>
            {can_edit && <Button onClick={() => setEditing(true)}>{t("compose_edit")}</Button>}
            <Button kind="ghost" onClick={onBack}>
              {t("compose_all_posts")}
            </Button>
          </div>
        </Sent>
      ) : (
        <>
          <AccountChips
            accounts={accounts}
            chosen={draft.targets}
            wrong={wrong.targets}
            onChoose={(targets) => change({ targets })}
            onConnect={() => go("settings")}
          />
          <Texts
            draft={draft}
            accounts={chosen}
            all={accounts}
            wrong={wrong}
            shortening={shortening}
            images={images}
            onDraft={change}
            onShorten={() => void shorten()}
            onFiles={(files) => void attach(files)}
          />
          {why && (
            <p class="note warn" role="status">
              <span class="grow">{why}</span>
              <Button onClick={() => go("links")}>{t("compose_see_why")}</Button>
            </p>
          )}
          <Images
            media={draft.media}
            local={local}
            sending={sending}
            wrong={wrong.media}
            alt_length={Math.min(5000, ...chosen.map(({ media }) => media.alt_length || 5000))}
            onMedia={(media) => change({ media })}
            onEdit={setEdited}
          />
          {edited && (
            <ImageEdit id={edited} onClose={() => setEdited("")} onDone={(file) => replaceImage(edited, file)} />
          )}
          <WhenChoice
            when={draft.when}
            zone={brand.time_zone}
            here={here}
            wrong={wrong}
            onWhen={(when) => change({ when })}
          />
          {problem && (
            <p class="note bad" role="alert">
              {problem}
            </p>
          )}
          <footer class="row wrap">
            <Button
              kind="primary"
              big
              icon={Send}
              type="submit"
              busy={busy}
              disabled={!editor || isEmpty(draft) || draft.targets.length === 0}
            >
              {t(later ? "compose_schedule" : "compose_publish")}
            </Button>
            {editing && (
              <Button
                kind="ghost"
                onClick={() => {
                  setEditing(false);
                  setDraft(draftOf(post!));
                }}
              >
                {t("compose_keep_as_was")}
              </Button>
            )}
            {!editor && <span class="muted small">{t("compose_not_editor")}</span>}
            <span class="muted small">{chosen.length > 0 && editor ? t("compose_keys") : ""}</span>
          </footer>
          <Elsewhere networks={networks} draft={draft} />
        </>
      )}
    </form>
  );
}

function SaveState({ saver, sent }: { saver: Saver; sent: boolean }) {
  if (sent || saver.state === "") return null;
  const words = {
    saving: t("compose_saving"),
    saved: t("compose_saved", { at: clock(saver.saved_at ?? new Date()) }),
    away: t("compose_kept_here"),
  }[saver.state];
  return (
    <span class={`small ${saver.state === "away" ? "compose-away" : "muted"}`} role="status">
      {words}
    </span>
  );
}

/** The text and each account's own, made anew. */
function eachText({ text, variants }: Draft, make: (text: string) => string): Pick<Draft, "text" | "variants"> {
  const own = Object.entries(variants).map(([id, words]) => [id, make(words)]);
  return { text: make(text), variants: Object.fromEntries(own) };
}

function complain(error: unknown): void {
  toast(error instanceof ApiError ? error.text : t("error_internal"));
}
