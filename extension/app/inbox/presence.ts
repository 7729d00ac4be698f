/** Who else has a mention open, and telling them what is open here. Nothing is told while this window is not seen. */
import { useEffect, useMemo, useState } from "preact/hooks";
import type { Client } from "../../shared/api";

export interface Presence {
  mention_id: string;
  window: string;
  member_id: string | null;
  who: string;
  doing: "open" | "answering";
  /** Another window of the one who looks. */
  own?: boolean;
}

export type Others = ReadonlyMap<string, Presence>;

/** One name for this view, until it is closed. */
const WINDOW = crypto.randomUUID();
const AGAIN_MS = 20_000;
/** Who only walks past a row with the arrow keys does not have it open. */
const SETTLE_MS = 400;
const NOBODY: Others = new Map();

/** Other windows of one's own count only where an answer is being written: that one may have forgotten. */
function othersOf(items: Presence[], me: string): Others {
  const others = items
    .map((one) => ({ ...one, own: me !== "" && one.member_id === me }))
    .filter(({ window, own, doing }) => window !== WINDOW && (!own || doing === "answering"));
  // Where somebody answers, that says more than that somebody looks.
  const sorted = others.sort((a, b) => (a.doing < b.doing ? 1 : -1));
  return sorted.length > 0 ? new Map(sorted.map((one) => [one.mention_id, one])) : NOBODY;
}

/** By mention, who else is there. `open_id`: what is unfolded here, "" = nothing; `me`: the member who looks. */
export function usePresence(client: Client, brand_id: string, me: string, open_id: string, answering: boolean): Others {
  const [there, setThere] = useState<Presence[]>([]);

  useEffect(() => {
    let gone = false;
    const read = () =>
      client.get<{ items: Presence[] }>("/presence", { brand_id }).then(
        ({ items }) => gone || setThere(items),
        () => undefined, // the list says that the server is away
      );
    void read();
    // Somebody whose window was closed by force fades without a word.
    const timer = setInterval(read, AGAIN_MS);
    const stop = client.onChange((kinds) => {
      if (kinds.length === 0 || kinds.some((kind) => kind === "" || kind === "presence" || kind === "reachable")) {
        void read();
      }
    });
    return () => {
      gone = true;
      clearInterval(timer);
      stop();
    };
  }, [client, brand_id]);

  useEffect(() => {
    if (!open_id) return;
    const path = `/mentions/${encodeURIComponent(open_id)}/presence`;
    let told = false;
    const tell = (doing: "open" | "answering" | "left") => {
      told = doing !== "left";
      void client.call("PUT", path, { body: { window: WINDOW, doing } }).catch(() => undefined);
    };
    const say = () => {
      if (document.visibilityState === "visible") tell(answering ? "answering" : "open");
      else if (told) tell("left");
    };
    const settle = setTimeout(say, answering ? 0 : SETTLE_MS);
    const timer = setInterval(say, AGAIN_MS);
    const leave = () => told && tell("left");
    document.addEventListener("visibilitychange", say);
    window.addEventListener("pagehide", leave);
    return () => {
      clearTimeout(settle);
      clearInterval(timer);
      document.removeEventListener("visibilitychange", say);
      window.removeEventListener("pagehide", leave);
      leave();
    };
  }, [client, open_id, answering]);

  return useMemo(() => othersOf(there, me), [there, me]);
}
