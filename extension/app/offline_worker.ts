/**
 * The service worker of the app that the server serves: the static shell (and nothing of the API) opens without the
 * network. Always the network first, so that an update is there at the next opening; what was kept is only for the time
 * when the server cannot be reached, and is replaced as a whole, so that files of two releases never meet.
 */
const CACHE = "entregent-shell";
const SHELL = ["./", "app.js", "app.css", "icon.svg"];
/** A network that says nothing is as good as none. */
const PATIENCE_MS = 4000;

/** As far as it is used here: the types of workers and of pages cannot be had in one project. */
interface Waitable extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Waitable {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}
const worker = globalThis as unknown as {
  addEventListener(name: "install" | "activate", heard: (event: Waitable) => void): void;
  addEventListener(name: "fetch", heard: (event: Fetching) => void): void;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  registration: { scope: string };
};

worker.addEventListener("install", (event) => event.waitUntil(keepShell().then(() => worker.skipWaiting())));

worker.addEventListener("activate", (event) => {
  const others = caches
    .keys()
    .then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))));
  event.waitUntil(others.then(() => worker.clients.claim()));
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !isShell(request.url)) return;
  event.respondWith(networkFirst(request));
  if (request.mode === "navigate") event.waitUntil(keepShell().catch(() => undefined));
});

function isShell(address: string): boolean {
  const bare = address.split(/[?#]/, 1)[0];
  return SHELL.some((name) => new URL(name, worker.registration.scope).href === bare);
}

async function networkFirst(request: Request): Promise<Response> {
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    // A gateway without our server behind it, or a page of somebody else's network.
    if (answer.ok && !answer.redirected) return answer;
    return (await kept(request)) ?? answer;
  } catch (error) {
    const found = await kept(request);
    if (found) return found;
    throw error;
  }
}

async function kept(request: Request): Promise<Response | undefined> {
  return (await caches.open(CACHE)).match(request, { ignoreSearch: true });
}

/** All files are there before the first is replaced. */
async function keepShell(): Promise<void> {
  const fetched = await Promise.all(
    SHELL.map(async (name) => {
      const answer = await fetch(new URL(name, worker.registration.scope), { cache: "no-cache" });
      if (!answer.ok || answer.redirected) throw new Error(`${name}: ${answer.status}`);
      return [name, answer] as const;
    }),
  );
  const cache = await caches.open(CACHE);
  await Promise.all(fetched.map(([name, answer]) => cache.put(new URL(name, worker.registration.scope), answer)));
}
