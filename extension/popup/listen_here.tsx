import { Eye, Hash, MousePointerClick, Search } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { type Candidate, discover, keyOf } from "../app/listening/candidates/discover";
import { CandidateList } from "../app/listening/candidates/list";
import { ApiError, type Client } from "../shared/api";
import { hashtagIn } from "../shared/hashtag";
import { errorText, t } from "../shared/i18n";
import { SendError, send } from "../shared/send";
import { Button, Skeleton, toast } from "../shared/ui";
import { type PageFacts, readPage } from "./page_feeds";
import { SheetFrame } from "./sheet";
import type { ActiveTab } from "./tab";
import "../app/listening/candidates/candidates.css";

interface ListenHereProps {
  client: Client;
  brand_id: string;
  editor: boolean;
  tab: ActiveTab;
  onClose: () => void;
}

/** Feeds that a page names and the server did not find by itself: looked at one by one, so many at most. */
const MOST_ASKED = 3;

/** The page beside us: its feeds with what they would have brought, and what else of it can be watched. */
export function ListenHere({ client, brand_id, editor, tab, onClose }: ListenHereProps) {
  const [found, setFound] = useState<Candidate[]>();
  const [error, setError] = useState<ApiError>();
  const [facts, setFacts] = useState<PageFacts>({ feeds: [], selected: "" });
  useEffect(() => {
    let ended = false;
    const look = async () => {
      const read = await readPage(tab.id);
      if (ended) return;
      setFacts(read);
      try {
        const all = await findAll(client, brand_id, tab.url, read.feeds);
        if (!ended) setFound(all);
      } catch (thrown) {
        if (!(thrown instanceof ApiError)) throw thrown;
        if (!ended) setError(thrown);
      }
    };
    setFound(undefined);
    setError(undefined);
    void look();
    return () => {
      ended = true;
    };
  }, [client, brand_id, tab.id, tab.url]);
  const act = async (work: () => Promise<unknown>, said: string, leaves = false) => {
    try {
      await work();
      if (said) toast(said);
      if (leaves) window.close();
    } catch (failure) {
      if (!(failure instanceof SendError)) throw failure;
      toast(errorText(failure.queued ? "queued" : failure.code, failure.message));
    }
  };
  const tag = hashtagIn(facts.selected, tab.url);
  const term = facts.selected && !facts.selected.startsWith("#") ? facts.selected.replace(/\s+/g, " ") : "";
  const host = new URL(tab.url).hostname.replace(/^www\./, "");
  return (
    <SheetFrame title={t("popup_listen")} onClose={onClose}>
      <section class="stack" aria-label={t("candidates_found")}>
        {!found && !error && (
          <div role="status">
            <p class="small muted">{t("popup_listen_looking", { host })}</p>
            <Skeleton rows={2} />
          </div>
        )}
        {error && (
          <p role="status" class={error.code === "no_feed" ? "muted" : "wrong"}>
            {error.code === "no_feed" ? t("popup_listen_none") : error.textOf("url")}
          </p>
        )}
        {found && <CandidateList client={client} brand_id={brand_id} found={found} samples={2} editor={editor} />}
      </section>
      {editor && (
        <section class="stack" aria-label={t("popup_listen_else")}>
          {!error && <h2>{t("popup_listen_else")}</h2>}
          <div class="listen-else">
            <Button
              icon={MousePointerClick}
              onClick={() => void act(() => send("pick.start", { tab: tab.id }), "", true)}
            >
              {t("popup_listen_pick")}
            </Button>
            <Button
              icon={Eye}
              onClick={() =>
                void act(
                  () => send("watch.page", { url: tab.url, title: tab.title }),
                  t("notice_watching_page", { name: tab.title || host }),
                )
              }
            >
              {t("menu_watch_page")}
            </Button>
            {tag && (
              <Button
                icon={Hash}
                onClick={() =>
                  void act(() => send("watch.tag", { tag, url: tab.url }), t("notice_watching_tag", { tag: `#${tag}` }))
                }
              >
                {t("popup_listen_tag", { tag: `#${tag}` })}
              </Button>
            )}
            {term && (
              <Button
                icon={Search}
                onClick={() => void act(() => send("watch.term", { term }), t("notice_watching_term", { term }))}
              >
                {t("popup_listen_term", { term })}
              </Button>
            )}
          </div>
        </section>
      )}
    </SheetFrame>
  );
}

/** What the server finds behind the address, and what the page names besides. Rejects where there is neither. */
async function findAll(client: Client, brand_id: string, url: string, feeds: string[]): Promise<Candidate[]> {
  const asked = await Promise.allSettled([discover(client, brand_id, url)]);
  const found = asked[0]?.status === "fulfilled" ? asked[0].value : [];
  const known = new Set(found.flatMap((one) => [one.url, one.params.url ?? ""]));
  const named = feeds.filter((feed) => !known.has(feed)).slice(0, found.length > 0 ? 1 : MOST_ASKED);
  for (const feed of named) {
    const more = await discover(client, brand_id, feed).catch(() => []);
    found.push(...more.filter((one) => !found.some((other) => keyOf(other) === keyOf(one))));
  }
  if (found.length === 0 && asked[0]?.status === "rejected") throw asked[0].reason;
  return found;
}
