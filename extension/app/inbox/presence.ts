/** Who else has a mention open, and telling them what is open here. Nothing is told while this window is not seen. */
import { useEffect, useState } from "preact/hooks";
import type { Client } from "../../shared/api";

export interface Presence {
  mention_id: string;
  window: string;
  who: string;
  doing: "open" | "answering";
}

export type Others = ReadonlyMap<string, Presence>;

/** One name for this view, until it is closed. */
const WINDOW = crypto.randomUUID();
const AGAIN_MS = 20_000;
/** Who only walks past a row with the arrow keys does not have it open. */
const SETTLE_MS = 400;
const NOBODY: Others = new Map();

function othersOf(items: Presence[]): Others {
  // Where somebody answers, that says more than that somebody looks.
  const sorted = items.filter(({ window }) => window !== WINDOW).sort((a, b) => (a.doing < b.doing ? 1 : -1));
  return sorted.length > 0 ? new Map(sorted.map((one) => [one.mention_id, one])) : NOBODY;
}

/** By mention, who else is there. `open_id`: what is unfolded here, "" = nothing. */
export function usePresence(client: Client, brand_id: string, open_id: string, answering: boolean): Others {
  const [others, setOthers] = useState(NOBODY);

  useEffect(() => {
    let gone = false;
    const read = () =>
      client.get<{ items: Presence[] }>("/presence", { brand_id }).then(
        ({ items }) => gone || setOthers(othersOf(items)),
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

  return others;
}
