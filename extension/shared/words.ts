/** Importing this gives a page of ours all words. Content scripts take their own prefix instead (see i18n.ts). */
import table from "virtual:messages/";
import { addMessages } from "./i18n";

addMessages(table);
