/** True in the builds that tests load (`dist/test-*`): shadow roots are open there, and nothing else differs. */
declare const __TEST__: boolean;
/** The version in manifest.json. */
declare const __VERSION__: string;

/** The words whose keys begin with one of the comma-separated prefixes: `virtual:messages/toolbar_,error_`. */
declare module "virtual:messages/*" {
  const table: Record<string, Record<string, string>>;
  export default table;
}

/** A file as text: `import css from "text:./tokens.css"`. */
declare module "text:*" {
  const text: string;
  export default text;
}

declare module "*.css";
