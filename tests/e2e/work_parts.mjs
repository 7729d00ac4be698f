// Runs pure parts of the app's pages outside a browser: reads [{part, name, args}] from standard input, gives the values.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const esbuild = createRequire(join(ROOT, "extension", "package.json"))("esbuild");
const calls = JSON.parse(readFileSync(0, "utf8"));
const parts = new Map();
for (const { part } of calls) {
  if (parts.has(part)) continue;
  const built = await esbuild.build({
    entryPoints: [join(ROOT, "extension", "app", `${part}.ts`)],
    bundle: true,
    write: false,
    format: "esm",
    charset: "utf8",
  });
  const code = Buffer.from(built.outputFiles[0].contents).toString("base64");
  parts.set(part, await import(`data:text/javascript;base64,${code}`));
}
// What JSON cannot say: a moment, "is this row one of these", and what else values are called.
const real = (arg) => {
  if (arg?.$date) return new Date(arg.$date);
  if (arg?.$ids) return ({ id }) => arg.$ids.includes(id);
  if (arg?.$labels) return () => arg.$labels;
  return arg;
};
console.log(JSON.stringify(calls.map(({ part, name, args }) => parts.get(part)[name](...args.map(real)) ?? null)));
