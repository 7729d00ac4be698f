import { Eye, Footprints } from "lucide";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { api, inFirefox } from "../shared/browser";
import { errorText, plural, t } from "../shared/i18n";
import type { RequestName } from "../shared/messages";
import type { RoundState, RoundView } from "../shared/round";
import { onPush, SendError, send } from "../shared/send";
import { Button, Icon, toast, undoable, useTurns } from "../shared/ui";
import { openAllowPage } from "./tab";

/** How the round of the brand in use stands, read again when anything about it changes. */
export function useRound(): { round: RoundState | null; reload: () => void } {
  const [round, set] = useState<RoundState | null>(null);
  const begin = useTurns();
  const reload = useCallback(() => {
    const counts = begin();
    send("round.state", {}).then(
      (now) => counts() && set(now),
      () => undefined,
    );
  }, []);
  useEffect(() => {
    reload();
    const about = /^(round|sites|brand\.used|reachable)\b/;
    return onPush((push) => push.push === "changed" && push.kinds.some((kind) => about.test(kind)) && reload());
  }, []);
  return { round, reload };
}

interface RoundLineProps {
  mode: "popup" | "panel";
  /** May visit: a viewer may not. */
  may: boolean;
}

/** The round in popup and panel: what is left today, and what can be done where our bar cannot stand. */
export function RoundLine({ mode, may }: RoundLineProps) {
  const { round, reload } = useRound();
  if (!round || !may) return null;
  const { view, pages, off } = round;
  const act = (run: () => Promise<unknown>, leaves = false) =>
    void run().then(
      () => (leaves && mode === "popup" ? window.close() : reload()),
      (error: unknown) => {
        // What waits for the server is done.
        if (error instanceof SendError && !error.queued) toast(errorText(error.code, error.message));
        reload();
      },
    );
  if (view) return <Running view={view} off={off} act={act} mode={mode} />;
  const left = pages?.filter((page) => page.left).length ?? 0;
  if (!pages || left === 0) return null;
  return (
    <>
      <div class="line">
        <Icon icon={Footprints} />
        <span class="grow">{plural("popup_round_left", left, { of: pages.length })}</span>
        <Button kind="primary" onClick={() => act(() => send("round.start", {}), true)}>
          {t("popup_round_start")}
        </Button>
      </div>
      {off.length > 0 && <Off off={off} mode={mode} />}
    </>
  );
}

function Running({
  view,
  off,
  act,
  mode,
}: {
  view: RoundView;
  off: RoundState["off"];
  act: (run: () => Promise<unknown>, leaves?: boolean) => void;
  mode: "popup" | "panel";
}) {
  const { at, of, name, brand_id, page_id } = view;
  const ask = (request: RequestName & `round.${"next" | "end"}`) => act(() => send(request, { brand_id }));
  // What can be undone is about the page that is open: with it, the offer goes.
  const dismiss = useRef(() => {});
  useEffect(() => () => dismiss.current(), [page_id]);
  const markSeen = () =>
    act(async () => {
      await unlessQueued(send("round.seen", { brand_id }));
      const undo = () => act(() => unlessQueued(send("round.seen", { brand_id, undo: true })));
      dismiss.current = undoable(t("toolbar_round_seen_said"), undo);
    });
  const host = URL.canParse(view.url) ? new URL(view.url).hostname : "";
  const onlyLook = off.some((one) => one.host === host);
  return (
    <>
      <div class="line round-line">
        <Icon icon={Footprints} />
        <span class="grow">
          {t(view.open ? "popup_round_on" : "popup_round_paused", { at, of, name })}
          {onlyLook && <small class="muted"> {t("popup_round_only_look", { host })}</small>}
        </span>
        <span class="row wrap">
          <Button
            kind={view.open && onlyLook ? "plain" : "primary"}
            onClick={() => act(() => send("round.start", {}), true)}
          >
            {t(view.open ? "popup_round_show" : "popup_round_go_on")}
          </Button>
          {view.open && onlyLook && !view.visited && (
            <Button kind="primary" icon={Eye} onClick={markSeen}>
              {t("toolbar_round_seen")}
            </Button>
          )}
          {view.open && (
            <Button onClick={() => ask("round.next")}>
              {t(at < of ? "toolbar_round_next" : "toolbar_round_finish")}
            </Button>
          )}
          <Button kind="ghost" onClick={() => ask("round.end")}>
            {t("toolbar_round_end")}
          </Button>
        </span>
      </div>
      {onlyLook && <Off off={off.filter((one) => one.host === host)} mode={mode} quiet />}
    </>
  );
}

/** What waits for the server is done, for the person. */
async function unlessQueued(asked: Promise<unknown>): Promise<void> {
  await asked.catch((error: unknown) => {
    if (!(error instanceof SendError && error.queued)) throw error;
  });
}

/** Sites of the round where our bar cannot stand yet: one question of the browser for all. */
function Off({ off, mode, quiet = false }: { off: RoundState["off"]; mode: "popup" | "panel"; quiet?: boolean }) {
  const hosts = off.map(({ host }) => host.replace(/^www\./, "")).join(", ");
  const allow = () => {
    // Firefox closes a popup under its question.
    if (inFirefox && mode === "popup") return openAllowPage({ round: "1" });
    void allowSites(off).then((granted) => toast(granted ? t("popup_round_allowed") : t("popup_networks_no")));
  };
  return (
    <div class="line plain">
      <span class="grow">{quiet ? "" : plural("popup_round_off", off.length, { hosts })}</span>
      <Button onClick={allow}>{plural("popup_round_allow", off.length)}</Button>
    </div>
  );
}

/** Must be called in the click itself: browsers take the question only then. */
export async function allowSites(off: RoundState["off"]): Promise<boolean> {
  const asked = api.permissions.request({ origins: off.map(({ pattern }) => pattern) });
  const granted = await asked.catch(() => false);
  if (granted) for (const { pattern } of off) await send("site.on", { url: pattern.replace(/\*$/, "") });
  return granted;
}
