import { Check, Plus, Rss } from "lucide";
import { useState } from "preact/hooks";
import { plural, t } from "../../shared/i18n";
import type { Keyword, Page, Source } from "../../shared/types";
import { Button, Icon, Skeleton, toast, useLoad } from "../../shared/ui";
import { KeywordForm } from "../listening/keyword_form";
import "../listening/listening.css";
import { AddressForm } from "../listening/sources/address_form";
import type { StepProps } from "./index";

/** A first keyword, answered while it is typed; beside it any page or feed. */
export function KeywordStep({ client, brand, next }: StepProps) {
  const brand_id = brand?.id;
  const keywords = useLoad(
    async () => (brand_id ? (await client.get<Page<Keyword>>("/keywords", { brand_id, limit: 20 })).items : []),
    [client, brand_id],
  );
  const [more, setMore] = useState(false);
  const [feed, setFeed] = useState(false);
  const [added, setAdded] = useState<Source[]>([]);
  if (!brand) return null;
  if (!keywords.value) return keywords.error ? <p class="wrong">{keywords.error.text}</p> : <Skeleton rows={4} />;
  const first = keywords.value.length === 0;
  return (
    <div class="stack">
      <p class="muted">{t("firstrun_keyword_text")}</p>
      <ul class="firstrun-have">
        {keywords.value.map((keyword) => (
          <li key={keyword.id} class="row">
            <Icon icon={Check} />
            <b class="cut">{keyword.name}</b>
            <span class="muted">{plural("today_mentions", keyword.mentions)}</span>
          </li>
        ))}
      </ul>
      {first || more ? (
        <KeywordForm
          client={client}
          brand={brand}
          query={first ? asQuery(brand.name) : ""}
          onSaved={(keyword) => {
            toast(t("listening_saved", { name: keyword.name }));
            next();
          }}
          {...(!first && { onCancel: () => setMore(false) })}
        />
      ) : (
        <div>
          <Button icon={Plus} onClick={() => setMore(true)}>
            {t("listening_new")}
          </Button>
        </div>
      )}
      <details class="firstrun-feed" onToggle={(event) => setFeed(event.currentTarget.open)}>
        <summary>{t("firstrun_feed")}</summary>
        {feed && (
          <AddressForm
            client={client}
            brand={brand}
            url=""
            onAdded={(source) => setAdded((old) => [...old, source])}
            onRemoved={(id) => setAdded((old) => old.filter((one) => one.id !== id))}
          />
        )}
        <ul class="firstrun-have">
          {added.map((source) => (
            <li key={source.id} class="row">
              <Icon icon={Rss} />
              <b class="cut">{source.name || source.url}</b>
            </li>
          ))}
        </ul>
      </details>
    </div>
  );
}

/** A name of several words is looked for as it stands. */
function asQuery(name: string): string {
  const plain = name.replaceAll('"', " ").trim();
  return /^[\p{L}\p{N}]+$/u.test(plain) ? plain : `"${plain}"`;
}
