// A real Bluesky PDS on loopback with an identity directory in memory. Prints one JSON line when it answers:
// {"url", "plc", "admin_password"}. Ends when its standard input ends, so that it cannot outlive the test that started it.
// Usage: node pds.mjs DATA_FOLDER
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { Server, createServer } from "node:net";
import { join } from "node:path";

import { Secp256k1Keypair } from "@atproto/crypto";
import { PDS, envToCfg, envToSecrets, readEnv } from "@atproto/pds";
import plc from "@did-plc/server";

import { startAppView } from "./appview.mjs";
import { CHAT_DID, startChat } from "./chat.mjs";

const folder = process.argv[2];
mkdirSync(join(folder, "blobs"), { recursive: true });

// Both servers take only a port and would listen on every address of the machine.
const { listen } = Server.prototype;
Server.prototype.listen = function listenOnLoopback(where, ...rest) {
  return typeof where === "number" ? listen.call(this, where, "127.0.0.1", ...rest) : listen.call(this, where, ...rest);
};

const freePort = () =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

const hex = (key) => Buffer.from(key).toString("hex");
const rotationKey = await Secp256k1Keypair.create({ exportable: true });
const [plcPort, pdsPort, viewPort, chatPort] = [await freePort(), await freePort(), await freePort(), await freePort()];

const directory = plc.PlcServer.create({ db: plc.Database.mock(), port: plcPort });
await directory.start();

const adminPassword = randomBytes(8).toString("hex");
Object.assign(process.env, {
  PDS_HOSTNAME: "localhost",
  PDS_PORT: String(pdsPort),
  PDS_DEV_MODE: "true",
  PDS_DATA_DIRECTORY: folder,
  PDS_BLOBSTORE_DISK_LOCATION: join(folder, "blobs"),
  PDS_JWT_SECRET: randomBytes(16).toString("hex"),
  PDS_ADMIN_PASSWORD: adminPassword,
  PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX: hex(await rotationKey.export()),
  PDS_DID_PLC_URL: `http://127.0.0.1:${plcPort}`,
  PDS_BSKY_APP_VIEW_URL: `http://127.0.0.1:${viewPort}`,
  PDS_BSKY_APP_VIEW_DID: "did:web:appview.test",
  PDS_INVITE_REQUIRED: "false",
  PDS_SERVICE_HANDLE_DOMAINS: ".test",
  LOG_ENABLED: "false",
});

const env = readEnv();
const pds = await PDS.create(envToCfg(env), envToSecrets(env));

// The network's chat service is known by a name on the Internet; here that name leads to the one beside us.
const { did: identities } = pds.ctx.idResolver;
const resolve = identities.resolve.bind(identities);
const endpoint = `http://127.0.0.1:${chatPort}`;
const chatService = { id: "#bsky_chat", type: "BskyChatService", serviceEndpoint: endpoint };
identities.resolve = async (did, ...rest) =>
  did === CHAT_DID ? { id: did, service: [chatService] } : resolve(did, ...rest);

await pds.start();
await startAppView(viewPort, `http://127.0.0.1:${pdsPort}`);
await startChat(chatPort, `http://127.0.0.1:${pdsPort}`, `http://127.0.0.1:${plcPort}`);

process.stdout.write(
  `${JSON.stringify({ url: `http://127.0.0.1:${pdsPort}`, plc: `http://127.0.0.1:${plcPort}`, admin_password: adminPassword })}\n`,
);

process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
