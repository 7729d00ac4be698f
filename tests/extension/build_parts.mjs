// Builds what the tests of pages load, into the folder given: an extension that holds only our content script and a
// background with canned answers, the same with our reading of the page beside it, one that holds only the inserter, and
// the page of editors.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = dirname(dirname(HERE));
const OUT = process.argv[2];
const esbuild = createRequire(join(ROOT, "extension", "package.json"))("esbuild");
const { buildPageScripts, NAMES } = await import(join(ROOT, "extension", "tools", "page_scripts.mjs"));
const { textPlugin, wordsPlugin } = await import(join(ROOT, "extension", "tools", "words.mjs"));

const common = {
  bundle: true,
  format: "iife",
  target: ["chrome123", "firefox140"],
  charset: "utf8",
  define: { __TEST__: "true", __VERSION__: '"0"', "process.env.NODE_ENV": '"production"' },
  plugins: [wordsPlugin(ROOT), textPlugin()],
  nodePaths: [join(ROOT, "extension", "node_modules"), join(HERE, "..", "peers", "node_modules")],
  logLevel: "warning",
};
/** All parts of our script in pages, at the paths that a background injects them from. */
const buildContent = (folder, more = {}) =>
  buildPageScripts(esbuild, ROOT, { ...common, ...more }, folder);

/** One manifest for both browsers. */
function manifest(name, background, scripts = ["content.js"], first = []) {
  const where = { matches: ["http://*/*", "https://*/*"] };
  const made = {
    manifest_version: 3,
    name,
    version: "1",
    host_permissions: ["http://*/*", "https://*/*"],
    content_scripts: [
      ...first.map((file) => ({ ...where, js: [file], run_at: "document_start" })),
      { ...where, js: scripts, run_at: "document_idle" },
    ],
    permissions: ["storage", "clipboardWrite", "scripting"],
    browser_specific_settings: { gecko: { id: `${name}@tests.example` } },
  };
  if (background) made.background = { service_worker: "background.js", scripts: ["background.js"] };
  return JSON.stringify(made);
}

for (const name of ["toolbar", "release", "adapters", "inserter", "page"]) mkdirSync(join(OUT, name), { recursive: true });
writeFileSync(join(OUT, "toolbar", "manifest.json"), manifest("toolbar", true));
// As stores get it, ears included. The others come late, as into a page that was open before its site was switched on.
writeFileSync(join(OUT, "release", "manifest.json"), manifest("release", true, ["content.js"], ["ears.js"]));
writeFileSync(join(OUT, "adapters", "manifest.json"), manifest("adapters", true, ["content.js", "reader.js"]));
writeFileSync(join(OUT, "inserter", "manifest.json"), manifest("inserter", true));
cpSync(join(HERE, "canned", "background.js"), join(OUT, "inserter", "background.js"));
cpSync(join(HERE, "editors", "index.html"), join(OUT, "page", "index.html"));
const kit = await esbuild.build({ ...common, entryPoints: [join(HERE, "canned", "kit.ts")], write: false });
const answers = readFileSync(join(HERE, "canned", "background.js"), "utf8");
for (const name of ["toolbar", "adapters"]) {
  writeFileSync(join(OUT, name, "background.js"), kit.outputFiles[0].text + answers);
}
// Names that no page of a test holds: what a page finds of them it has from us.
const names = readFileSync(join(HERE, "private", "names.js"), "utf8");
writeFileSync(join(OUT, "release", "background.js"), kit.outputFiles[0].text + answers + names);
await Promise.all([
  buildContent(join(OUT, "toolbar")),
  buildContent(join(OUT, "release"), { define: { ...common.define, __TEST__: "false" } }),
  buildContent(join(OUT, "adapters")),
  esbuild.build({ ...common, entryPoints: [join(ROOT, "extension", "content", "ears.ts")], outfile: join(OUT, "release", "ears.js") }),
  esbuild.build({ ...common, entryPoints: [join(HERE, "adapters", "reader.ts")], outfile: join(OUT, "adapters", "reader.js") }),
  esbuild.build({ ...common, entryPoints: [join(HERE, "editors", "inserter.ts")], outfile: join(OUT, "inserter", "content.js") }),
  esbuild.build({ ...common, entryPoints: [join(HERE, "editors", "editors.mjs")], format: "esm", loader: { ".svg": "text", ".css": "empty" }, outfile: join(OUT, "page", "editors.js"), define: { ...common.define, global: "window" } }),
  buildContent(join(OUT, "minified"), { define: { ...common.define, __TEST__: "false" }, minify: true, legalComments: "none" }),
]);
const size = (name) => readFileSync(join(OUT, "minified", name)).length;
const sizes = NAMES.map((name) => [name, size(`${name}.js`)]);
console.log(JSON.stringify(Object.fromEntries(sizes)));
