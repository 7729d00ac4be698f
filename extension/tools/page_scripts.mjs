// The script of pages, in parts that come one after another: what a part needs and one before it has stands there only,
// and is handed over by one global of the content scripts' world (no page sees it), so that words, state and looks exist
// once, and no page holds what it has no use for.
import { join, relative, sep } from "node:path";

const HANDED = "entregentModules";
/**
 * Where each part begins, and the part that is there before it. Their names are those of their files, and what
 * content/bring.ts calls them. The first runs on every page and looks whether anything there is for us.
 */
const PARTS = {
  content: { entry: "extension/content/main.ts" },
  drawing: { entry: "extension/content/drawing/main.ts", after: "content" },
  acting: { entry: "extension/content/acting/main.ts", after: "drawing" },
  composing: { entry: "extension/content/composing/main.ts", after: "acting" },
  teaching: { entry: "extension/content/teaching/main.ts", after: "drawing" },
  round: { entry: "extension/content/round/main.ts", after: "drawing" },
  pictures: { entry: "extension/content/pictures/main.ts", after: "drawing" },
};
export const NAMES = Object.keys(PARTS);

/** The parts that are there before this one, the first of them first. */
const before = (name) => (PARTS[name].after ? [...before(PARTS[name].after), PARTS[name].after] : []);

/** The modules that `entry` needs, as paths below `root` with forward slashes. */
async function modulesOf(esbuild, options, entry) {
  const { metafile } = await esbuild.build({
    ...options,
    entryPoints: [entry],
    write: false,
    metafile: true,
    outfile: "x.js",
  });
  return new Set(Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs)));
}

/** A part that hands `modules` over, all of them before its own `entry` runs. */
function handing(modules, entry, root) {
  const contents = [
    ...modules.map((name, n) => `import * as m${n} from ${JSON.stringify(`./${name}`)};`),
    `Object.assign((globalThis.${HANDED} ??= {}), { ${modules.map((name, n) => `${JSON.stringify(name)}: m${n}`).join(", ")} });`,
    `import ${JSON.stringify(`./${entry}`)};`,
  ].join("\n");
  return { contents, resolveDir: root, sourcefile: "handing.js" };
}

/** Esbuild plugin: a module for which `ownerOf` names a part is taken from there. */
function takeOver(root, ownerOf, handed) {
  return {
    name: "take-over",
    setup(build) {
      build.onResolve({ filter: /^\./ }, async ({ path, importer, resolveDir, kind, pluginData }) => {
        // Icons of a package are data: each part has those it draws.
        if (pluginData === "asked" || kind === "entry-point" || importer.includes("node_modules")) return undefined;
        const found = await build.resolve(path, { importer, resolveDir, kind, pluginData: "asked" });
        const name = relative(root, found.path).split(sep).join("/");
        const owner = ownerOf(name);
        if (!owner) return undefined;
        handed[owner].add(name);
        return { path: name, namespace: "handed" };
      });
      build.onLoad({ filter: /.*/, namespace: "handed" }, ({ path }) => ({
        contents: `module.exports = globalThis.${HANDED}[${JSON.stringify(path)}]`,
      }));
    },
  };
}

/**
 * Builds one file for each part in `folder`, with esbuild's `options` (without entry and outfile).
 * @returns {Promise<import("esbuild").BuildResult[]>}
 */
export async function buildPageScripts(esbuild, root, options, folder) {
  const common = { ...options, absWorkingDir: root, bundle: true, format: "iife" };
  const found = await Promise.all(NAMES.map((name) => modulesOf(esbuild, common, PARTS[name].entry)));
  const modules = Object.fromEntries(NAMES.map((name, n) => [name, found[n]]));
  const handed = Object.fromEntries(NAMES.map((name) => [name, new Set()]));
  const results = [];
  // The last first: only then is known what one before it has to hand over.
  for (const name of NAMES.toReversed()) {
    const { entry } = PARTS[name];
    const ownerOf = (module) => before(name).find((one) => modules[one].has(module));
    const start =
      handed[name].size > 0 ? { stdin: handing([...handed[name]].sort(), entry, root) } : { entryPoints: [entry] };
    const plugins = [takeOver(root, ownerOf, handed), ...(options.plugins ?? [])];
    results.push(await esbuild.build({ ...common, ...start, plugins, outfile: join(folder, `${name}.js`) }));
  }
  return results;
}
