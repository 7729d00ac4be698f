/** The extension API. Chromium 156 defines `browser` too; both are the same object family and both return promises. */
export const api: typeof chrome = (globalThis as { browser?: typeof chrome }).browser ?? globalThis.chrome;

/** True where the code runs as part of the extension (false: the same app served by the server). */
export const inExtension: boolean = Boolean(api?.runtime?.id);

/** Firefox's event page and sidebar need some other calls. Told by the API that only it has. */
export const inFirefox: boolean = inExtension && "getBrowserInfo" in api.runtime;
