/**
 * Before any script of a page: whoever listens on `window` first hears first, and what is typed in something of ours is
 * not for the page. Nothing is done here, all is passed on to the rest of us once that is there (toolbar/keys.ts).
 */
import { ears } from "./toolbar/ears";

ears();
