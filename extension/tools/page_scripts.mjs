// The script of pages, in parts: the first runs on every page, the others come in when the person first needs them there.
// Modules that another part needs too stand in the first only, which hands them over by one global of the content
// scripts' world (no page sees it), so that words, state and looks exist once.
import { join, relative, sep } from "node:path";

const HANDED = "entregentModules";
const FIRST = "extension/content/main.ts";
/** What content/bring.ts calls them, which is also the name of their file. */
export const LATER = {
  acting: "extension/content/acting_main.ts",
  teaching: "extension/content/teaching/main.ts",
  round: "extension/content/round/main.ts",
  pictures: "extension/content/pictures/main.ts",
};

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

/**
 * Builds content.js, and one file for each later part, in `folder`, with esbuild's `options` (without entry and outfile).
 * @returns {Promise<import("esbuild").BuildResult[]>}
 */
export async function buildPageScripts(esbuild, root, options, folder) {
  const common = { ...options, absWorkingDir: root, bundle: true, format: "iife" };
  const first = await modulesOf(esbuild, common, FIRST);
  const handed = new Set();
  /** In a later part: what the first one has is taken from there. */
  const takeOver = {
    name: "take-over",
    setup(build) {
      build.onResolve({ filter: /^\./ }, async ({ path, importer, resolveDir, kind, pluginData }) => {
        // Icons of a package are data: each part has those it draws.
        if (pluginData === "asked" || kind === "entry-point" || importer.includes("node_modules")) return undefined;
        const found = await build.resolve(path, { importer, resolveDir, kind, pluginData: "asked" });
        const name = relative(root, found.path).split(sep).join("/");
        if (!first.has(name)) return undefined;
        handed.add(name);
        return { path: name, namespace: "handed" };
      });
      build.onLoad({ filter: /.*/, namespace: "handed" }, ({ path }) => ({
        contents: `module.exports = globalThis.${HANDED}[${JSON.stringify(path)}]`,
      }));
    },
  };
  const plugins = [takeOver, ...(options.plugins ?? [])];
  const later = await Promise.all(
    Object.entries(LATER).map(([name, entry]) =>
      esbuild.build({ ...common, plugins, entryPoints: [entry], outfile: join(folder, `${name}.js`) }),
    ),
  );
  const names = [...handed].sort();
  const contents = [
    ...names.map((name, n) => `import * as m${n} from ${JSON.stringify(`./${name}`)};`),
    `globalThis.${HANDED} = { ${names.map((name, n) => `${JSON.stringify(name)}: m${n}`).join(", ")} };`,
    `import ${JSON.stringify(`./${FIRST}`)};`,
  ].join("\n");
  const stdin = { contents, resolveDir: root, sourcefile: "first_part.js" };
  return [await esbuild.build({ ...common, stdin, outfile: join(folder, "content.js") }), ...later];
}
