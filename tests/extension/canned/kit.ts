/** The real words, looks, adapters and choice of the brand, for the background with canned answers. */
import { validAdapter } from "../../../extension/background/adapters";
import { isAnythingKept, keepInTab, takeFromTab } from "../../../extension/background/memory";
import { pageKit } from "../../../extension/background/page_kit";
import { verdictOn, whoseAccount } from "../../../extension/background/whose";
import { merged } from "../../../extension/sites/merged";

Object.assign(globalThis, { isAnythingKept, keepInTab, merged, pageKit, takeFromTab, validAdapter, verdictOn, whoseAccount });
