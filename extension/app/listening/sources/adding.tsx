import { ArrowLeft, X } from "lucide";
import { useState } from "preact/hooks";
import type { Client } from "../../../shared/api";
import { t } from "../../../shared/i18n";
import type { Brand, Source, SourceKind } from "../../../shared/types";
import { IconButton, toast } from "../../../shared/ui";
import { AddressForm } from "./address_form";
import { KindForm } from "./kind_form";
import { KindList, labelOf } from "./kind_list";
import { nameOf } from "./shown";

interface AddSourceProps {
  client: Client;
  brand: Brand;
  kinds: SourceKind[];
  /** An address to begin with. */
  url: string;
  onAdded: (source: Source) => void;
  /** Taken back. */
  onRemoved: (id: string) => void;
  onClose: () => void;
}

/** A new source: any address, from which is found what can be listened to there; or a kind, and what it needs. */
export function AddSource({ client, brand, kinds, url, onAdded, onRemoved, onClose }: AddSourceProps) {
  const [kind, setKind] = useState<SourceKind>();
  const added = (source: Source) => {
    toast(t("listening_source_added", { name: nameOf(source) }));
    onAdded(source);
  };
  return (
    <section class="card stack source-adding" aria-label={t("sources_add")}>
      <header class="row">
        {kind && <IconButton icon={ArrowLeft} label={t("popup_back")} onClick={() => setKind(undefined)} />}
        <h2 class="grow">{kind ? labelOf(kind, kinds) : t("sources_add")}</h2>
        <IconButton icon={X} label={t("ui_close")} onClick={onClose} />
      </header>
      {kind ? (
        <KindForm
          key={kind.kind}
          client={client}
          brand={brand}
          kind={kind}
          onAdded={(source) => {
            added(source);
            setKind(undefined);
          }}
        />
      ) : (
        <>
          <AddressForm client={client} brand={brand} url={url} onAdded={onAdded} onRemoved={onRemoved} />
          <KindList kinds={kinds} onChoose={setKind} />
        </>
      )}
    </section>
  );
}
