/**
 * Whether two names are the same account of a network: "@Cafe", "cafe@mastodon.example" and its profile's address are
 * one account on mastodon.example. Pure.
 */

export interface Name {
  /** Folded, without a leading "@"; "" = no name. */
  user: string;
  /** The server it lives on, where the name says so; "" = it does not. */
  server: string;
}

/** Of one account in a profile's address, before its name: "/in/cafe", "/profile/cafe", "/people/Cafe/1000". */
const BEFORE = new Set(
  "profile user users u in company school showcase channel c people pages add web intl p author authors member members".split(
    " ",
  ),
);
/** Names that mean another one now. */
const NETWORKS: Record<string, string> = { twitter: "x", "x.com": "x", "twitter.com": "x", hn: "hackernews" };
/** Of many servers: a name says little without its own. */
const FEDERATED = new Set(["mastodon", "lemmy", "misskey", "pixelfed", "peertube"]);
const INVISIBLE = /\p{Cf}|\ufe0f/gu;

export function networkName(network: string): string {
  const name = network.trim().toLowerCase();
  return NETWORKS[name] ?? name;
}

/** Several names in one text, as a person writes them: between commas or lines. */
export function namesIn(text: string): string[] {
  return text
    .split(/[,;\n]/)
    .map((name) => name.trim())
    .filter(Boolean);
}

/** What a person or a page calls an account, as it is compared. */
export function nameOf(text: string, network: string): Name {
  const plain = text.normalize("NFKC").replace(INVISIBLE, "").replace(/\s+/g, " ").trim();
  const address = addressIn(plain);
  const found = address ? fromAddress(address, network) : { user: plain, server: "" };
  // Stack Exchange's numbers stand before a name that changes.
  let user = found.user
    .replace(/^\/?u\//i, "")
    .replace(/^@+/, "")
    .replace(/^(\d+)\/\S+$/, "$1");
  let server = found.server;
  const at = user.lastIndexOf("@");
  if (at > 0) {
    server = user.slice(at + 1);
    user = user.slice(0, at);
  }
  user = user.toLowerCase();
  // Bluesky's names are host names; what is written without one is one of its own.
  if (network === "bluesky" && user && !/[.:]/.test(user)) user = `${user}.bsky.social`;
  return { user, server: server.toLowerCase().replace(/^www\./, "") };
}

/** Stands for the page's own server, in addresses that leave it out. */
const HERE = "here.invalid";

function addressIn(text: string): URL | null {
  const whole = /^https?:\/\//i.test(text)
    ? text
    : /^\/|^[a-z]+\/\S/.test(text) && !text.startsWith("u/")
      ? `https://${HERE}/${text.replace(/^\//, "")}`
      : /^[\w-]+(?:\.[\w-]+)+\/\S+$/.test(text)
        ? `https://${text}`
        : "";
  return URL.canParse(whole) ? new URL(whole) : null;
}

function fromAddress({ host, pathname, searchParams }: URL, network: string): Name {
  const id = searchParams.get("id");
  if (id) return { user: id, server: "" };
  const parts = pathname.split("/").flatMap((part) => (part ? [decoded(part)] : []));
  const [kind = "", second = "", third = ""] = parts;
  if (kind === "people" && third) return { user: third, server: "" };
  // A person and a company of one name are two accounts.
  if (network === "linkedin" && second) return { user: `${kind}/${second}`, server: "" };
  const user = parts.find((part) => !BEFORE.has(part.toLowerCase())) ?? "";
  return { user, server: FEDERATED.has(network) && host !== HERE ? host : "" };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * How surely `known` is the account that the page at `host` calls `said`: 2 = the same on the same server, 1 = the same
 * name, and `known` does not say its server, 0 = another.
 */
export function sameAccount(said: Name, known: Name, host: string): 0 | 1 | 2 {
  if (!said.user || !known.user) return 0;
  if (said.user !== known.user) return said.user.endsWith(`/${known.user}`) && !known.user.includes("/") ? 1 : 0;
  if (!known.server) return 1;
  // A page names its own people without their server.
  const server = said.server || host.replace(/^www\./, "");
  return server === known.server || isUnder(server, known.server) || isUnder(known.server, server) ? 2 : 0;
}

/** Names may live on cafe.example and pages on social.cafe.example. */
const isUnder = (one: string, other: string) => one.endsWith(`.${other}`);
