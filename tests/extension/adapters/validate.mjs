// What the background says of adapters: reads [{data, host}] from standard input, prints whether each is accepted.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
const esbuild = createRequire(join(ROOT, "extension", "package.json"))("esbuild");
const { outputFiles } = await esbuild.build({
  entryPoints: [join(ROOT, "extension", "background", "adapters.ts")],
  bundle: true,
  write: false,
  format: "esm",
  charset: "utf8",
});
const { validAdapter } = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
const asked = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(asked.map(({ data, host }) => validAdapter(data, host) !== null)));
