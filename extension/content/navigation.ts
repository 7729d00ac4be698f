/** The page became another one without loading: `currententrychange` sees the page's own pushState, in both browsers. */

/** Where people log in, out, or switch to another account: somebody else may be here now. */
const ACCOUNTS =
  /(?:^|[/=.])(?:accounts?|log-?(?:in|out|off|on)|sign-?(?:in|out|up)|auth|oauth2?|sso|sessions?|switch(?:er)?|challenge|checkpoint)(?:[/.?&]|$)/i;

/** Whether an address is that of such a page. */
export function isAboutAccounts(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { hostname, pathname, search } = new URL(address);
  return ACCOUNTS.test(pathname + search) || ACCOUNTS.test(hostname.split(".").slice(0, -2).join("."));
}

interface Navigation extends EventTarget {
  currentEntry: unknown;
}

/** Call `listener` with the address before when it changes. */
export function onNavigate(listener: (before: string) => void, signal: AbortSignal): void {
  let last = location.href;
  const look = () => {
    if (location.href === last) return;
    const before = last;
    last = location.href;
    listener(before);
  };
  const navigation = (window as { navigation?: Navigation }).navigation;
  navigation?.addEventListener("currententrychange", look, { signal });
  window.addEventListener("popstate", look, { signal });
  window.addEventListener("hashchange", look, { signal });
}
