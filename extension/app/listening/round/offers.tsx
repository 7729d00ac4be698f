import { useEffect, useState } from "preact/hooks";
import { ApiError, type Client } from "../../../shared/api";
import { hasMessage, plural, t } from "../../../shared/i18n";
import type { RoundOffer } from "../../../shared/round";
import type { Brand } from "../../../shared/types";
import { Button, toast, useLoad } from "../../../shared/ui";

interface OffersProps {
  client: Client;
  brand: Brand;
  /** Nothing is in the round yet: what it could begin with stands open. */
  first: boolean;
  onAdded: () => void;
  onHandles: () => void;
}

/** Pages made from what is known of the brand, with ticks; nothing joins the round by itself. */
export function Offers({ client, brand, first, onAdded, onHandles }: OffersProps) {
  const offers = useLoad(
    async () => (await client.get<{ items: RoundOffer[] }>("/round/offers", { brand_id: brand.id })).items,
    [client, brand.id],
  );
  const [ticked, setTicked] = useState<ReadonlySet<string>>();
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    if (offers.value) setTicked(new Set(first ? offers.value.filter((one) => one.ticked).map(({ url }) => url) : []));
  }, [offers.value]);
  const all = offers.value ?? [];
  if (all.length === 0 || !ticked) return null;
  const tick = (url: string, on: boolean) => {
    const next = new Set(ticked);
    if (on) next.add(url);
    else next.delete(url);
    setTicked(next);
  };
  const add = async () => {
    setBusy(true);
    try {
      for (const one of all.filter(({ url }) => ticked.has(url)))
        await client.post("/round", { brand_id: brand.id, url: one.url, name: nameOf(one) });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      toast(error.text);
    } finally {
      setBusy(false);
    }
    offers.reload();
    onAdded();
  };
  const places = [...new Set(all.map(({ place }) => place))];
  return (
    <details class="round-offers" open={first}>
      <summary>
        <h3>{t(first ? "round_offers" : "round_more_offers")}</h3>
      </summary>
      {Object.keys(brand.handles).length === 0 && (
        <p class="small muted">
          {t("round_handles")}{" "}
          <Button kind="ghost" onClick={onHandles}>
            {t("round_handles_act")}
          </Button>
        </p>
      )}
      <div class="card round-places">
        {places.map((place) => (
          <fieldset key={place}>
            <legend>{place}</legend>
            {all
              .filter((one) => one.place === place)
              .map((one) => (
                <label key={one.url} title={one.url}>
                  <input
                    type="checkbox"
                    checked={ticked.has(one.url)}
                    onChange={(event) => tick(one.url, event.currentTarget.checked)}
                  />
                  <span class="cut">{one.name.replace(/^[^:]+: /, "")}</span>
                  <span class="small muted">{whatOf(one)}</span>
                </label>
              ))}
          </fieldset>
        ))}
      </div>
      <Button kind={first ? "primary" : "plain"} busy={busy} disabled={ticked.size === 0} onClick={() => void add()}>
        {plural("round_offer_add", ticked.size)}
      </Button>
    </details>
  );
}

const whatOf = ({ what }: RoundOffer) => (hasMessage(`round_what_${what}`) ? t(`round_what_${what}`) : what);

/** A network's second page of the same name says what it is. */
const nameOf = (one: RoundOffer) =>
  ["own", "search", "tag"].includes(one.what) ? one.name : `${one.name} (${whatOf(one)})`;

/** Put the search for a term on one network into the round; null = we know no address for it there. */
export async function addSearch(
  client: Client,
  brand_id: string,
  network: string,
  term: string,
): Promise<{ id: string; name: string } | null> {
  const { items } = await client.get<{ items: RoundOffer[] }>("/round/offers", { brand_id, term });
  const there = items.filter((one) => one.network === network);
  const offer = there.find(({ what }) => what !== "tag") ?? there[0];
  return offer ? client.post("/round", { brand_id, url: offer.url, name: offer.name }) : null;
}
