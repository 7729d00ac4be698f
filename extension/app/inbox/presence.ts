/** Who else has a mention open, and telling them what is open here. Nothing is told while this window is not seen. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Client } from "../../shared/api";
import { newId } from "../../shared/random";

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
const WINDOW = newId();
const AGAIN_MS = 20_000;
/** Who only walks past a row with the arrow keys does not have it open. */
const SETTLE_MS = 300;
const NOBODY: Others = new Map();

interface Said {
  mention_id: string;
  doing: "open" | "answering" | "left";
}

/** Tells the server one thing after the other: two requests on their way at once may come in the wrong order. */
function teller(client: Client) {
  let next: Said | undefined;
  let busy = false;
  const put = ({ mention_id, doing }: Said) =>
    client
      .call("PUT", `/mentions/${encodeURIComponent(mention_id)}/presence`, { body: { window: WINDOW, doing } })
      .catch(() => undefined);
  const go = async () => {
    busy = true;
    for (let said = next; said; said = next) {
      next = undefined;
      await put(said);
    }
    busy = false;
  };
  return {
    tell: (said: Said) => {
      next = said; // only the newest counts
      if (!busy) void go();
    },
    /** The page goes away: there is no time to wait. */
    last: (said: Said) => {
      next = undefined;
      void put(said);
    },
  };
}

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

  const { tell, last } = useMemo(() => teller(client), [client]);
  const told = useRef("");
  useEffect(() => {
    const left = (say: (said: Said) => void) => {
      if (told.current) say({ mention_id: told.current, doing: "left" });
      told.current = "";
    };
    const gone = () => left(last);
    const say = () => {
      if (!open_id || document.visibilityState !== "visible") return left(tell);
      told.current = open_id;
      tell({ mention_id: open_id, doing: answering ? "answering" : "open" });
    };
    // A window has one mention open: the next one takes the place of the one before without a word.
    const settle = setTimeout(say, answering || !open_id ? 0 : SETTLE_MS);
    const timer = setInterval(say, AGAIN_MS);
    document.addEventListener("visibilitychange", say);
    window.addEventListener("pagehide", gone);
    return () => {
      clearTimeout(settle);
      clearInterval(timer);
      document.removeEventListener("visibilitychange", say);
      window.removeEventListener("pagehide", gone);
    };
  }, [tell, open_id, answering]);
  useEffect(
    () => () => {
      if (told.current) tell({ mention_id: told.current, doing: "left" });
    },
    [tell],
  );

  return useMemo(() => othersOf(there, me), [there, me]);
}
