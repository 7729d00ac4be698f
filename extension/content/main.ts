/** What is injected into pages: runs once in a page, whatever injects it again. */
import messages from "virtual:messages/toolbar_,notice_not_public,error_forbidden,error_in,error_not_found,error_queue,error_rate,error_reload,error_un";
import { addMessages } from "../shared/i18n";
import { Page } from "./page";
import { removeLeftovers } from "./toolbar/host";

const here = globalThis as { entregentPage?: Page };

if (!here.entregentPage && document.documentElement instanceof HTMLHtmlElement) {
  addMessages(messages);
  removeLeftovers();
  here.entregentPage = new Page();
  void here.entregentPage.start();
}
