import { useCallback, useEffect, useState } from "preact/hooks";
import { browserLanguage, setLanguage } from "../shared/i18n";
import type { ExtensionState } from "../shared/messages";
import { onPush, send } from "../shared/send";
import { useTurns } from "../shared/ui";

const TOLD = new Set(["paired", "unpaired", "pairing", "queue", "reachable", "unreachable", "brand.used", "language"]);

/** The extension's state, read again when the background says that it changed. */
export function useExtensionState(): { state: ExtensionState | null; reload: () => void } {
  const [state, setState] = useState<ExtensionState | null>(null);
  const begin = useTurns();
  const reload = useCallback(() => {
    const counts = begin();
    send("state", {}).then((fresh) => {
      if (!counts()) return;
      setLanguage(fresh.language || browserLanguage());
      document.documentElement.lang = fresh.language || browserLanguage();
      setState(fresh);
    }, console.warn);
  }, []);
  useEffect(() => {
    reload();
    return onPush((push) => push.push === "changed" && push.kinds.some((kind) => TOLD.has(kind)) && reload());
  }, []);
  return { state, reload };
}
