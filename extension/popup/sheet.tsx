import { ArrowLeft } from "lucide";
import type { ComponentChildren } from "preact";
import { t } from "../shared/i18n";
import { IconButton, useKeys } from "../shared/ui";

/** A small form in the place of the list; Escape and the arrow go back. */
export function SheetFrame({
  title,
  onClose,
  children,
}: {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
}) {
  useKeys([{ key: "Escape", label: "", run: onClose }], []);
  return (
    <section class="sheet" aria-label={title}>
      <header>
        <IconButton icon={ArrowLeft} label={t("popup_back")} onClick={onClose} />
        <h1>{title}</h1>
      </header>
      {children}
    </section>
  );
}
