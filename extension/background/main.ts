/**
 * The background: service worker in Chrome, event page in Firefox. It may be stopped at any moment, so nothing is kept
 * in variables that must outlive one event; every listener is set here, at once, when it starts.
 */

import words from "virtual:messages/menu_,notice_,error_,listening_note_";
import { addMessages } from "../shared/i18n";
import { watchNotices } from "./alerts";
import { watchChanges } from "./changes";
import { answerCommands } from "./commands";
import { watchHandover } from "./handover";
import { offerMenus } from "./menus";
import { watchPairing } from "./pairing";
import { watchQueue } from "./queue";
import { answerRequests } from "./requests";
import { watchRound } from "./round";
import { watchSites } from "./sites";

addMessages(words);
answerRequests();
answerCommands();
offerMenus();
watchSites();
watchRound();
watchHandover();
watchChanges();
watchNotices();
watchQueue();
watchPairing();
