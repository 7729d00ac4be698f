/** The inbox list of the app, as popup and panel show it. */
import type { Client } from "../shared/api";
import type { Brand } from "../shared/types";
import { Skeleton } from "../shared/ui";

export function Inbox(_props: { client: Client; mode: "popup" | "panel"; brand: Brand }) {
  return <Skeleton rows={8} />;
}
