import { t } from "../../shared/i18n";
import { toast } from "../../shared/ui";
import { KeywordForm } from "../listening/keyword_form";
import { SourceForm } from "../listening/source_form";
import "../listening/listening.css";
import type { StepProps } from "./index";

/** A first keyword, answered while it is typed; beside it any page or feed. */
export function KeywordStep({ client, brand, next }: StepProps) {
  if (!brand) return null;
  return (
    <div class="stack">
      <p class="muted">{t("firstrun_keyword_text")}</p>
      <KeywordForm
        client={client}
        brand={brand}
        query={/\s/.test(brand.name) ? `"${brand.name}"` : brand.name}
        onSaved={(keyword) => {
          toast(t("listening_saved", { name: keyword.name }));
          next();
        }}
      />
      <details>
        <summary>{t("firstrun_feed")}</summary>
        <SourceForm client={client} brand={brand} onAdded={() => undefined} />
      </details>
    </div>
  );
}
