/** The page became another one without loading: `currententrychange` sees the page's own pushState, in both browsers. */

interface Navigation extends EventTarget {
  currentEntry: unknown;
}

/** Call `listener` when the address changes. Returns how to stop. */
export function onNavigate(listener: () => void, signal: AbortSignal): void {
  let last = location.href;
  const look = () => {
    if (location.href === last) return;
    last = location.href;
    listener();
  };
  const navigation = (window as { navigation?: Navigation }).navigation;
  navigation?.addEventListener("currententrychange", look, { signal });
  window.addEventListener("popstate", look, { signal });
  window.addEventListener("hashchange", look, { signal });
}
