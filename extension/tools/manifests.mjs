// manifest.json at the root is the single source; what each store and each test build gets is derived here.

/** Pages that tests serve under these hosts; test builds have them granted, as nobody can click in a headless browser. */
const TEST_HOSTS = [
  "https://mastodon.social/*",
  "https://mastodon.example/*",
  "https://bsky.app/*",
  "https://news.ycombinator.com/*",
  "https://forum.example/*",
  "https://www.instagram.com/*",
  "https://www.tiktok.com/*",
];
const CHROME_ONLY = ["offscreen", "sidePanel"];

/** @param {"chrome" | "firefox"} browser */
export function manifestFor(source, browser, { test = false, zip = false } = {}) {
  const manifest = structuredClone(source);
  if (browser === "chrome") {
    delete manifest.background.scripts;
    delete manifest.browser_specific_settings;
    delete manifest.sidebar_action;
  } else {
    delete manifest.background.service_worker;
    delete manifest.side_panel;
    delete manifest.minimum_chrome_version;
    manifest.permissions = manifest.permissions.filter((name) => !CHROME_ONLY.includes(name));
  }
  // The key keeps the id of an unpacked Chrome extension stable; the stores have keys of their own.
  if (zip || browser === "firefox") delete manifest.key;
  if (test) manifest.host_permissions = [...manifest.host_permissions, ...TEST_HOSTS];
  return manifest;
}
