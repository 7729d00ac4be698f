// Builds the extension and the app.
//
//   node build.mjs [--watch] [--only root] [--force]
//
// The repository's root loads unpacked in both browsers (bundles in extension/build/). dist/chrome and dist/firefox hold
// what stores get, dist/test-* the same with open shadow roots, dist/*.zip the uploads. extension/build/app/ is also
// the static shell that the server serves at /-/app/. Nothing is written that did not change.
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  watch,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { manifestFor } from "./tools/manifests.mjs";
import { buildPageScripts } from "./tools/page_scripts.mjs";
import { textPlugin, wordsPlugin } from "./tools/words.mjs";
import { makeZip } from "./tools/zip.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = dirname(HERE);
const BUILD = join(HERE, "build");
const DIST = join(ROOT, "dist");
const STAMP = join(BUILD, "stamp.json");

/** Each bundle: where its code begins, and what it is called below extension/build/. Pages also get an index.html. */
const BUNDLES = [
  { entry: "background/main", out: "background.js" },
  { entry: "content/main", out: "content.js", parts: true }, // and those it brings in: tools/page_scripts.mjs
  { entry: "content/ears", out: "ears.js" },
  { entry: "content/handover", out: "handover.js" },
  { entry: "content/picking/main", out: "pick.js" },
  { entry: "background/offscreen", out: "offscreen/offscreen.js", page: true },
  { entry: "popup/main", out: "popup/popup.js", page: true },
  { entry: "popup/allow", out: "allow/allow.js", page: true },
  { entry: "sidepanel/main", out: "sidepanel/sidepanel.js", page: true },
  { entry: "app/main", out: "app/app.js", page: true },
  { entry: "app/offline_worker", out: "app/offline_worker.js" }, // of the app that the server serves
];

const FOR_SERVERS = "app/offline_worker.js";

const PAGE = (name, styled) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Entregent</title>
<link rel="icon" href="../app/icon.svg">
${styled ? `<link rel="stylesheet" href="${name}.css">\n` : ""}<script src="${name}.js" defer></script>
</head>
<body class="${name}"><div id="root"></div></body>
</html>
`;

const source = () => JSON.parse(readFileSync(join(ROOT, "manifest.json"), "utf8"));

function findEntry(entry) {
  return [".ts", ".tsx"].map((end) => join(HERE, entry + end)).find(existsSync);
}

/** @returns {Promise<{files: Map<string, Buffer>, inputs: string[]}>} paths relative to extension/build/ */
async function bundle({ entry, out, page, parts }, { test, version }) {
  const start = findEntry(entry);
  const files = new Map();
  if (!start) return files;
  const options = {
    absWorkingDir: ROOT, // names in the output are relative to it, wherever the build is started from
    bundle: true,
    write: false,
    format: "iife",
    target: ["chrome123", "firefox140"],
    charset: "utf8",
    legalComments: "inline",
    jsx: "automatic",
    jsxImportSource: "preact",
    define: { __TEST__: String(test), __VERSION__: JSON.stringify(version), "process.env.NODE_ENV": '"production"' },
    minifySyntax: true,
    loader: { ".svg": "dataurl" },
    plugins: [wordsPlugin(ROOT), textPlugin()],
    logLevel: "silent",
  };
  const results = parts
    ? await buildPageScripts(esbuild, ROOT, options, BUILD)
    : [await esbuild.build({ ...options, entryPoints: [start], outfile: join(BUILD, out) })];
  for (const file of results.flatMap(({ outputFiles }) => outputFiles))
    files.set(slashes(relative(BUILD, file.path)), Buffer.from(file.contents));
  if (page) {
    const name = out.split("/").pop().replace(/\.js$/, "");
    const html = PAGE(name, files.has(out.replace(/\.js$/, ".css")));
    files.set(`${dirname(out)}/index.html`, Buffer.from(html));
  }
  return files;
}

/** All bundles, and those that do not build with the reason. */
async function bundleAll(options) {
  const files = new Map([["app/icon.svg", readFileSync(join(HERE, "icons", "mark.svg"))]]);
  const broken = [];
  const results = await Promise.allSettled(BUNDLES.map((one) => bundle(one, options)));
  for (const [index, result] of results.entries()) {
    if (result.status === "fulfilled") for (const [name, content] of result.value) files.set(name, content);
    else broken.push([BUNDLES[index], result.reason]);
  }
  return { files, broken };
}

/** What surrounds the bundles in a loadable folder: words and icons, at the same paths as at the root. */
function surroundings() {
  const files = new Map();
  for (const language of readdirSync(join(ROOT, "_locales"))) {
    const path = join(ROOT, "_locales", language, "messages.json");
    if (existsSync(path)) files.set(`_locales/${language}/messages.json`, readFileSync(path));
  }
  for (const name of readdirSync(join(HERE, "icons"))) {
    if (name.endsWith(".png")) files.set(`extension/icons/${name}`, readFileSync(join(HERE, "icons", name)));
  }
  return files;
}

function loadable(bundles, manifest) {
  const files = surroundings();
  for (const [name, content] of bundles) if (name !== FOR_SERVERS) files.set(`extension/build/${name}`, content);
  files.set("manifest.json", Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`));
  return files;
}

/** Make `folder` hold exactly `files`; `keep` names what may stay besides. Writes are atomic and only where needed. */
function writeFolder(folder, files, keep = []) {
  for (const [name, content] of files) writeIfChanged(join(folder, name), content);
  for (const name of walk(folder)) {
    if (!files.has(slashes(name)) && !keep.includes(name)) rmSync(join(folder, name), { force: true });
  }
}

function writeIfChanged(path, content) {
  if (existsSync(path) && readFileSync(path).equals(content)) return;
  mkdirSync(dirname(path), { recursive: true });
  const scratch = `${path}.${process.pid}.tmp`;
  writeFileSync(scratch, content);
  renameSync(scratch, path);
}

function walk(folder, below = "") {
  if (!existsSync(join(folder, below))) return [];
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const name = join(below, entry.name);
    return entry.isDirectory() ? walk(folder, name) : [name];
  });
}

const slashes = (path) => path.replaceAll("\\", "/");

/** A digest of everything that goes in (name, size, time), to know that nothing is to be done. */
function digestOfInputs() {
  const hash = createHash("sha256").update(process.version);
  const skip = new Set(["node_modules", "build"]);
  const add = (path) => {
    const stat = statSync(path);
    if (stat.isDirectory()) {
      for (const name of readdirSync(path).sort()) if (!skip.has(name)) add(join(path, name));
    } else {
      hash.update(`${relative(ROOT, path)} ${stat.size} ${stat.mtimeMs}\n`);
    }
  };
  for (const name of ["manifest.json", "_locales", "extension"]) add(join(ROOT, name));
  return hash.digest("hex");
}

function isUpToDate(digest, rootOnly) {
  if (!existsSync(STAMP)) return false;
  const stamp = JSON.parse(readFileSync(STAMP, "utf8"));
  if (stamp.digest !== digest || (!rootOnly && !stamp.dist)) return false;
  const wanted = rootOnly
    ? []
    : ["chrome", "firefox", "test-chrome", "test-firefox"].map((n) => join(DIST, n, "manifest.json"));
  const zips = rootOnly ? [] : ["chrome", "firefox"].map((n) => join(DIST, `entregent-${n}.zip`));
  return [join(BUILD, "background.js"), ...wanted, ...zips].every(existsSync);
}

async function build({ rootOnly, force }) {
  const started = performance.now();
  const digest = digestOfInputs();
  if (!force && isUpToDate(digest, rootOnly)) {
    console.log("extension: up to date");
    return true;
  }
  const manifest = source();
  const { files, broken } = await bundleAll({ test: false, version: manifest.version });
  for (const [{ entry }, reason] of broken) {
    const messages = await esbuild.formatMessages(reason.errors ?? [{ text: String(reason) }], {
      kind: "error",
      color: false,
    });
    console.error(`extension/${entry} does not build:\n${messages.join("")}`);
  }
  if (broken.length > 0) {
    console.error("extension: nothing was written; what was built before stays");
    return false;
  }
  rmSync(STAMP, { force: true });
  writeFolder(BUILD, files, ["stamp.json"]);
  if (!rootOnly) {
    const { files: testFiles } = await bundleAll({ test: true, version: manifest.version });
    for (const browser of ["chrome", "firefox"]) {
      writeFolder(join(DIST, browser), loadable(files, manifestFor(manifest, browser)));
      writeFolder(join(DIST, `test-${browser}`), loadable(testFiles, manifestFor(manifest, browser, { test: true })));
      const zip = makeZip(loadable(files, manifestFor(manifest, browser, { zip: true })));
      writeIfChanged(join(DIST, `entregent-${browser}.zip`), zip);
    }
  }
  writeIfChanged(STAMP, Buffer.from(`${JSON.stringify({ version: manifest.version, digest, dist: !rootOnly })}\n`));
  console.log(`extension: built in ${Math.round(performance.now() - started)} ms`);
  return true;
}

const options = { rootOnly: process.argv.includes("root"), force: process.argv.includes("--force") };
const good = await build(options);
if (process.argv.includes("--watch")) {
  let timer;
  const again = (_event, name) => {
    if (name && /(^|[\\/])(build|node_modules)([\\/]|$)/.test(name)) return;
    clearTimeout(timer);
    timer = setTimeout(() => build(options).catch((error) => console.error(String(error))), 100);
  };
  for (const folder of [HERE, join(ROOT, "_locales")]) watch(folder, { recursive: true }, again);
  watch(join(ROOT, "manifest.json"), again);
} else {
  process.exitCode = good ? 0 : 1;
}
