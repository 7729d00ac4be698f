/**
 * Where one was: filter, selection and scroll survive closing the popup, not the browser. In the extension that needs
 * the browser's session storage, since every popup begins with an empty one of its own.
 */
import { api, inExtension } from "../../shared/browser";
import type { Filter } from "./filter";
import type { Spot } from "./pages";

/** `rows`: how many were loaded. */
export interface Place extends Spot {
  filter: Filter;
  selected_id: string;
  scroll_top: number;
  /** The selected one is to be answered. */
  answer?: boolean;
}

const nameOf = (brand_id: string) => `inbox.${brand_id}`;

export async function readPlace(brand_id: string): Promise<Place | undefined> {
  const name = nameOf(brand_id);
  try {
    if (inExtension) return (await api.storage.session.get(name))[name] as Place | undefined;
    return JSON.parse(sessionStorage.getItem(name) ?? "null") ?? undefined;
  } catch {
    return undefined;
  }
}

export function writePlace(brand_id: string, place: Place): void {
  const name = nameOf(brand_id);
  if (inExtension) void api.storage.session.set({ [name]: place });
  else sessionStorage.setItem(name, JSON.stringify(place));
}
