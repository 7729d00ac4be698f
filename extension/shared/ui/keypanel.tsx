import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { t } from "../i18n";
import { shownKeys } from "../keys";
import { Dialog } from "./dialog";
import { useKeys } from "./hooks";

/** A key. Decoration where a control has `aria-keyshortcuts`. */
export function Kbd({ children }: { children: ComponentChildren }) {
  return <kbd aria-hidden="true">{children}</kbd>;
}

/** Put once on each page: `?` shows the keys that act there. */
export function KeyPanel() {
  const [open, setOpen] = useState(false);
  useKeys([{ key: "?", label: t("ui_keys"), run: () => setOpen(true) }], []);
  if (!open) return null;
  return (
    <Dialog title={t("ui_keys")} onClose={() => setOpen(false)}>
      <dl style={{ display: "grid", gridTemplateColumns: "auto 1fr", gap: "6px 12px", alignItems: "baseline" }}>
        {shownKeys().map(({ key, label }) => (
          <>
            <dt key={key}>
              <kbd>{key}</kbd>
            </dt>
            <dd>{label}</dd>
          </>
        ))}
      </dl>
    </Dialog>
  );
}
