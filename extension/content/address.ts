/** Addresses as they are compared. */

/** A fragment that names one thing of many (`#comment-12`), as the server sees it (backend/inbox/addresses.py). */
const TELLING = /^#(?:[!/]|(?!xtor|utm_|:~:).*\d)/;

/** An address as it is compared: without a fragment that names nothing, its last slash and a leading www. */
export function plainAddress(url: string): string {
  try {
    const { host, pathname, search, hash } = new URL(url);
    return host.replace(/^www\./, "") + pathname.replace(/\/+$/, "") + search + (TELLING.test(hash) ? hash : "");
  } catch {
    return url;
  }
}
