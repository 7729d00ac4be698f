// What the Bluesky network's AppView tells an account, over the posts of the one PDS beside it: notifications and
// threads, in the shapes of app.bsky.notification.listNotifications and app.bsky.feed.getPostThread. The PDS passes
// such calls on and says by a signed token who asks; the real AppView needs the whole network.
import { createServer } from "node:http";

const POST = "app.bsky.feed.post";

const readJson = async (url) => (await fetch(url)).json();

async function allPosts(pds) {
  const { repos } = await readJson(`${pds}/xrpc/com.atproto.sync.listRepos?limit=1000`);
  const found = await Promise.all(
    repos.map(async ({ did }) => {
      const about = await readJson(`${pds}/xrpc/com.atproto.repo.describeRepo?repo=${did}`);
      const { records = [] } = await readJson(
        `${pds}/xrpc/com.atproto.repo.listRecords?repo=${did}&collection=${POST}&limit=100`,
      );
      const author = { did, handle: about.handle ?? did, displayName: "" };
      return records.map(({ uri, cid, value }) => ({ uri, cid, author, record: value, indexedAt: value.createdAt }));
    }),
  );
  return found.flat().sort((one, other) => (one.indexedAt < other.indexedAt ? -1 : 1));
}

const didOf = (uri = "") => uri.split("/")[2];

function reasonFor({ author, record }, me) {
  if (author.did === me) return "";
  if (didOf(record.reply?.parent?.uri) === me) return "reply";
  if (didOf(record.embed?.record?.uri) === me) return "quote";
  const named = (record.facets ?? []).flatMap(({ features }) => features).some(({ did }) => did === me);
  return named ? "mention" : "";
}

function thread(posts, post, up = true, down = true) {
  const parentUri = post.record.reply?.parent?.uri;
  const parent = up && posts.find(({ uri }) => uri === parentUri);
  const replies = down ? posts.filter(({ record }) => record.reply?.parent?.uri === post.uri) : [];
  return {
    $type: "app.bsky.feed.defs#threadViewPost",
    post,
    ...(parent && { parent: thread(posts, parent, true, false) }),
    replies: replies.map((reply) => thread(posts, reply, false, true)),
  };
}

/** Answers on `port` of loopback from the posts of the PDS at `pds`. */
export function startAppView(port, pds) {
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, "http://appview.test");
    const token = (request.headers.authorization ?? "").replace("Bearer ", "").split(".")[1] ?? "";
    const me = token && JSON.parse(Buffer.from(token, "base64url").toString()).iss?.split("#")[0];
    const answer = (status, body) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(body));
    };
    const posts = await allPosts(pds);
    if (pathname.endsWith("/app.bsky.notification.listNotifications")) {
      const told = posts.map((post) => ({ ...post, reason: reasonFor(post, me), isRead: false }));
      const mine = told.filter(({ reason }) => reason).reverse();
      const start = Number(searchParams.get("cursor") ?? 0);
      const end = start + Number(searchParams.get("limit") ?? 50);
      const more = end < mine.length ? { cursor: String(end) } : {};
      return answer(200, { notifications: mine.slice(start, end), ...more });
    }
    if (pathname.endsWith("/app.bsky.feed.searchPosts")) {
      if (!me) return answer(403, { error: "Forbidden", message: "log in" });
      const words = (searchParams.get("q") ?? "").toLowerCase().replaceAll('"', "");
      const since = searchParams.get("since") ?? "";
      const found = posts.filter(
        ({ record, indexedAt }) => record.text.toLowerCase().includes(words) && indexedAt >= since,
      );
      return answer(200, { posts: found.reverse().slice(0, Number(searchParams.get("limit") ?? 25)) });
    }
    if (pathname.endsWith("/app.bsky.feed.getPostThread")) {
      const post = posts.find(({ uri }) => uri === searchParams.get("uri"));
      if (!post) return answer(400, { error: "NotFound", message: "Post not found" });
      return answer(200, { thread: thread(posts, post) });
    }
    answer(501, { error: "MethodNotImplemented", message: pathname });
  });
  return new Promise((resolve) => server.listen(port, () => resolve(server)));
}
