import type { Client } from "../shared/api";
import type { Brand, Me, Role, Status } from "../shared/types";

/** What the shell gives every page of the app. */
export interface PageProps {
  client: Client;
  me: Me;
  /** The brand in use. */
  brand: Brand;
  /** What `GET /status` says; null while it is not known. */
  status: Status | null;
  /** Of the address: `#/compose?id=3` → `{id: "3"}`. */
  params: Record<string, string>;
  /** Go to another page: "inbox", "compose", "links", "settings", … In popup and side panel this opens the app's tab. */
  go: (page: string, params?: Record<string, string>) => void;
  /** Put other params into the address of this page, without a new entry in the history. */
  setParams: (params: Record<string, string>) => void;
}

const RANKS: Role[] = ["viewer", "contributor", "editor", "owner"];

/** True where the person may do at least what `role` may. */
export function may(brand: Brand, role: Role): boolean {
  return RANKS.indexOf(brand.role) >= RANKS.indexOf(role);
}
