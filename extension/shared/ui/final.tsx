import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { Button } from "./button";

interface FinalButtonProps {
  /** What it does: "Revoke". The second button says it again. */
  children: ComponentChildren;
  /** What cannot be taken back, in a short sentence. */
  question: string;
  onSure: () => void;
}

/** For what has no undo: the first press asks, the second does it; Escape takes the question back. */
export function FinalButton({ children, question, onSure }: FinalButtonProps) {
  const [asking, setAsking] = useState(false);
  const asked = useRef(false);
  const place = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    // The safe one of the two, and back where the person was.
    if (asking || asked.current) place.current?.querySelector<HTMLElement>("button:last-child")?.focus();
    asked.current = asking;
  }, [asking]);
  const close = () => setAsking(false);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape for the two buttons inside
    <span
      ref={place}
      class="row wrap final"
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !asking) return;
        event.stopPropagation();
        close();
      }}
    >
      {asking ? (
        <>
          <span class="small" role="alert">
            {question}
          </span>
          <Button
            kind="danger"
            onClick={() => {
              close();
              onSure();
            }}
          >
            {children}
          </Button>
          <Button onClick={close}>{t("ui_cancel")}</Button>
        </>
      ) : (
        <Button kind="ghost" onClick={() => setAsking(true)}>
          {children}
        </Button>
      )}
    </span>
  );
}
