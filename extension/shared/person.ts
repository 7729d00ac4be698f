/**
 * Who works in this page. Several people may share a browser: what one of them left waiting is sent as nobody else, and
 * a page that one of them opened does nothing in the name of another who logged in since.
 */
import { api, inExtension } from "./browser";
import type { Me } from "./types";

/** Said with each call of the app; the server refuses (`another_person`) where somebody else is logged in by now. */
export const PERSON_HEADER = "X-Entregent-Member";
export const ANOTHER_PERSON = "another_person";

let here = "";
const listeners = new Set<() => void>();

/** This page is `member_id`'s. Of the app only: in the extension the token says who works. */
export function workAs(member_id: string): void {
  here = member_id;
}

/** As far as this page of the app knows, at once; "" = not yet. */
export const personHere = (): string => here;

/** Whose page or extension this is; "" = not known yet. */
export async function ourMember(): Promise<string> {
  if (!inExtension) return here;
  const { me } = (await api.storage.local.get("me")) as { me?: Me | null };
  return me?.member?.id ?? "";
}

/** Call `listener` when the server says that somebody else is logged in here. Returns how to stop. */
export function onAnotherPerson(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function anotherPersonIsHere(): void {
  for (const listener of [...listeners]) listener();
}
