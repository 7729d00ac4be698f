/** The inbox: one list for popup, side panel and app. */
import { useEffect, useState } from "preact/hooks";
import { Skeleton } from "../../shared/ui";
import type { PageProps } from "../page";
import { BrandInbox, type InboxProps } from "./brand_inbox";
import { NO_FILTER } from "./filter";
import { InboxFooter } from "./footer";
import { type Place, readPlace, writePlace } from "./place";
import "./inbox.css";

export { InboxFooter };

export function InboxPage({ client, brand, go, params, setParams }: PageProps) {
  useEffect(() => {
    if (!params.mention || params.brand) return; // the app goes to the brand first
    // What a message led to: among all, selected, as if one had been there before.
    const place: Place = {
      filter: { ...NO_FILTER, tab: "all" },
      selected_id: params.mention,
      scroll_top: 0,
      rows: 200,
      anchor_id: params.mention,
      anchor_px: -104, // two rows above it
      answer: params.answer !== undefined,
    };
    writePlace(brand.id, place);
    setParams({});
  }, [params.mention, params.brand, brand.id]);
  if (params.mention) return <Skeleton rows={9} />;
  return (
    <section class="page fill inbox-page">
      <Inbox client={client} brand={brand} mode="app" go={go} />
    </section>
  );
}

/** Waits for where one was, then shows it. Another brand is another inbox. */
export function Inbox(props: InboxProps) {
  const brand_id = props.brand.id;
  const [found, setFound] = useState<{ brand_id: string; place: Place | undefined }>();
  useEffect(() => {
    let gone = false;
    void readPlace(brand_id).then((place) => gone || setFound({ brand_id, place }));
    return () => {
      gone = true;
    };
  }, [brand_id]);
  if (found?.brand_id !== brand_id) return <Skeleton rows={9} />;
  return <BrandInbox key={brand_id} {...props} place={found.place} />;
}
