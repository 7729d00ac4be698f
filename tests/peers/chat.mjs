// Bluesky's chat service over the accounts of the one PDS beside it, in memory. It takes only what a PDS passes on: a
// service token signed with the asker's own key, for this service and this method; parameters, bodies and answers are
// held to the lexicons that @atproto/api carries. A conversation is a request for whoever has not written in it.
import { createServer } from "node:http";

import { lexicons } from "@atproto/api";
import { IdResolver } from "@atproto/identity";
import { verifyJwt } from "@atproto/xrpc-server";

export const CHAT_DID = "did:web:api.bsky.chat";

class Refused extends Error {
  constructor(error, message, status = 400) {
    super(message);
    Object.assign(this, { error, status });
  }
}

class Chat {
  constructor(pds) {
    this.pds = pds;
    this.convos = [];
    this.count = 0;
    this.last = 0;
  }

  /** Thirteen letters that sort by age, as the network's own ids do; no digit among them. */
  id() {
    this.count += 1;
    return `a${[...this.count.toString(26).padStart(12, "0")].map((one) => "abcdefghijklmnopqrstuvwxyz"[Number.parseInt(one, 26)]).join("")}`;
  }

  now() {
    this.last = Math.max(Date.now(), this.last + 1);
    return new Date(this.last).toISOString();
  }

  async profile(did) {
    const about = await (await fetch(`${this.pds}/xrpc/com.atproto.repo.describeRepo?repo=${did}`)).json();
    return { did, handle: about.handle, displayName: about.handle.split(".")[0] };
  }

  convo(me, convoId) {
    const found = this.convos.find((one) => one.id === convoId && one.members.includes(me));
    if (!found) throw new Refused("InvalidConvo", "Convo not found");
    return found;
  }

  open(members, group) {
    const made = { id: this.id(), members, group, messages: [], accepted: new Set([members[0]]), createdAt: this.now() };
    this.convos.push(made);
    return made;
  }

  say(me, convo, { text, facets }) {
    const made = { id: this.id(), rev: this.id(), text, ...(facets && { facets }), sender: { did: me }, sentAt: this.now() };
    convo.messages.push({ ...made, hiddenFrom: new Set() });
    convo.accepted.add(me);
    return { $type: "chat.bsky.convo.defs#messageView", ...made };
  }

  message(me, { hiddenFrom, ...one }) {
    if (!hiddenFrom.has(me)) return { $type: "chat.bsky.convo.defs#messageView", ...one };
    const { id, rev, sender, sentAt } = one;
    return { $type: "chat.bsky.convo.defs#deletedMessageView", id, rev, sender, sentAt };
  }

  async view(me, convo) {
    const last = convo.messages.at(-1);
    return {
      id: convo.id,
      rev: last?.rev ?? convo.id,
      members: await Promise.all(convo.members.map((did) => this.profile(did))),
      ...(last && { lastMessage: this.message(me, last) }),
      muted: false,
      status: convo.accepted.has(me) ? "accepted" : "request",
      unreadCount: 0,
      kind: convo.group
        ? {
            $type: "chat.bsky.convo.defs#groupConvo",
            name: convo.group,
            memberCount: convo.members.length,
            createdAt: convo.createdAt,
            lockStatus: "unlocked",
            lockStatusModerationOverride: false,
            memberLimit: 50,
          }
        : { $type: "chat.bsky.convo.defs#directConvo" },
    };
  }

  methods = {
    "chat.bsky.convo.getConvoForMembers": async (me, { members }) => {
      const both = [...new Set([me, ...members])];
      const known = this.convos.find((one) => !one.group && both.every((did) => one.members.includes(did)));
      return { convo: await this.view(me, known ?? this.open(both)) };
    },
    "chat.bsky.group.createGroup": async (me, _, { members, name }) => ({
      convo: await this.view(me, this.open([...new Set([me, ...members])], name)),
    }),
    "chat.bsky.convo.getConvo": async (me, { convoId }) => ({ convo: await this.view(me, this.convo(me, convoId)) }),
    "chat.bsky.convo.listConvos": async (me, { limit = 50, cursor = "0" }) => {
      const age = (one) => one.messages.at(-1)?.sentAt ?? one.createdAt;
      const mine = this.convos.filter((one) => one.members.includes(me)).sort((a, b) => (age(a) < age(b) ? 1 : -1));
      const end = Number(cursor) + limit;
      const convos = await Promise.all(mine.slice(Number(cursor), end).map((one) => this.view(me, one)));
      return { convos, ...(end < mine.length && { cursor: String(end) }) };
    },
    "chat.bsky.convo.getMessages": async (me, { convoId, limit = 50, cursor = "0" }) => {
      const newestFirst = [...this.convo(me, convoId).messages].reverse();
      const end = Number(cursor) + limit;
      const messages = newestFirst.slice(Number(cursor), end).map((one) => this.message(me, one));
      return { messages, ...(end < newestFirst.length && { cursor: String(end) }) };
    },
    "chat.bsky.convo.sendMessage": async (me, _, { convoId, message }) => this.say(me, this.convo(me, convoId), message),
    "chat.bsky.convo.deleteMessageForSelf": async (me, _, { convoId, messageId }) => {
      const found = this.convo(me, convoId).messages.find(({ id }) => id === messageId);
      if (!found) throw new Refused("InvalidRequest", "Message not found");
      found.hiddenFrom.add(me);
      return this.message(me, found);
    },
  };
}

function parametersOf(nsid, query) {
  const { properties = {} } = lexicons.getDefOrThrow(nsid).parameters ?? {};
  const found = {};
  for (const [name, { type }] of Object.entries(properties)) {
    if (!query.has(name)) continue;
    found[name] =
      type === "array" ? query.getAll(name) : type === "integer" ? Number(query.get(name)) : query.get(name);
  }
  return lexicons.assertValidXrpcParams(nsid, found) ?? {};
}

async function bodyOf(request) {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  return JSON.parse(Buffer.concat(pieces).toString() || "{}");
}

/** Answers on `port` of loopback for the accounts of the PDS at `pds`, whose identities are in the directory at `plc`. */
export function startChat(port, pds, plc) {
  const chat = new Chat(pds);
  const { did: identities } = new IdResolver({ plcUrl: plc });
  const answerTo = async (request) => {
    const { pathname, searchParams } = new URL(request.url, "http://chat.test");
    const nsid = pathname.replace("/xrpc/", "");
    const method = chat.methods[nsid];
    if (!method) throw new Refused("MethodNotImplemented", nsid, 501);
    const token = (request.headers.authorization ?? "").replace("Bearer ", "");
    const { iss } = await verifyJwt(token, CHAT_DID, nsid, (asker) => identities.resolveAtprotoKey(asker.split("#")[0]));
    const reads = lexicons.getDefOrThrow(nsid).type === "query";
    if (request.method !== (reads ? "GET" : "POST")) throw new Refused("InvalidRequest", "wrong HTTP method");
    const parameters = parametersOf(nsid, searchParams);
    const body = reads ? undefined : await bodyOf(request);
    if (!reads) lexicons.assertValidXrpcInput(nsid, body);
    const told = await method(iss.split("#")[0], parameters, body);
    lexicons.assertValidXrpcOutput(nsid, told);
    return told;
  };
  const server = createServer(async (request, response) => {
    let [status, told] = [200, {}];
    try {
      told = await answerTo(request);
    } catch (problem) {
      status = problem.status ?? problem.type ?? 400; // the library's own refusals say it in `type`
      told = { error: problem.error ?? problem.customErrorName ?? "InvalidRequest", message: problem.message };
    }
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(told));
  });
  return new Promise((resolve) => server.listen(port, () => resolve(server)));
}
