// The words of the interface, from _locales: only the keys a bundle asks for, so that a content script stays small.
import { readFileSync } from "node:fs";
import { join } from "node:path";

export const LANGUAGES = ["en", "fr"];

/** `{en: {key: message}, fr: {…}}` for the keys that begin with one of `prefixes` ([""] = all). */
export function readWords(root, prefixes) {
  const table = {};
  for (const language of LANGUAGES) {
    const messages = JSON.parse(readFileSync(join(root, "_locales", language, "messages.json"), "utf8"));
    const wanted = Object.keys(messages).filter((key) => prefixes.some((prefix) => key.startsWith(prefix)));
    table[language] = Object.fromEntries(wanted.map((key) => [key, messages[key].message]));
  }
  return table;
}

/** esbuild plugin for `virtual:messages/<prefix,prefix>`. */
export function wordsPlugin(root) {
  return {
    name: "words",
    setup(build) {
      build.onResolve({ filter: /^virtual:messages\// }, ({ path }) => ({ path, namespace: "words" }));
      build.onLoad({ filter: /.*/, namespace: "words" }, ({ path }) => ({
        contents: JSON.stringify(readWords(root, path.slice("virtual:messages/".length).split(","))),
        loader: "json",
        watchFiles: LANGUAGES.map((language) => join(root, "_locales", language, "messages.json")),
      }));
    },
  };
}

/** esbuild plugin for `text:<path>`. */
export function textPlugin() {
  return {
    name: "text",
    setup(build) {
      build.onResolve({ filter: /^text:/ }, ({ path, resolveDir }) => ({
        path: join(resolveDir, path.slice("text:".length)),
        namespace: "text",
      }));
      build.onLoad({ filter: /.*/, namespace: "text" }, ({ path }) => ({
        contents: readFileSync(path, "utf8"),
        loader: "text",
        watchFiles: [path],
      }));
    },
  };
}
