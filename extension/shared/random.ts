/** A name that nobody else draws. Pages of plain http off loopback, where the app may be served, know no randomUUID. */
export function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
