/**
 * What must outlive a page load, on sites where Send loads another page: in the tab's own sessionStorage. The page can
 * read it and write it, so it holds only what goes into the page anyway, and is checked when it comes back.
 */

const KEY = "entregent";

interface Kept {
  name: string;
  at: number;
  value: unknown;
}

export function remember(name: string, value: unknown): void {
  try {
    sessionStorage.setItem(`${KEY}.${name}`, JSON.stringify({ name, at: Date.now(), value } satisfies Kept));
  } catch {
    // No storage here: then it does not outlive the page.
  }
}

/** Whether something of this name may be there; `recall` says whether it is of use. */
export function isKept(name: string): boolean {
  try {
    return sessionStorage.getItem(`${KEY}.${name}`) !== null;
  } catch {
    return false;
  }
}

/** What was remembered less than `ms` ago, if it is an object whose `fields` are all strings; forgotten with this. */
export function recall<F extends string>(name: string, ms: number, fields: readonly F[]): Record<F, string> | null {
  try {
    const text = sessionStorage.getItem(`${KEY}.${name}`);
    sessionStorage.removeItem(`${KEY}.${name}`);
    const kept = text ? (JSON.parse(text) as Kept) : null;
    if (!kept || typeof kept.at !== "number" || Date.now() - kept.at > ms) return null;
    const value = kept.value as Record<F, unknown> | null;
    return value && fields.every((field) => typeof value[field] === "string") ? (value as Record<F, string>) : null;
  } catch {
    return null;
  }
}
