/** What is injected into pages: runs once in a page, whatever injects it again. */
import messages from "virtual:messages/toolbar_,notice_not_public,error_forbidden,error_internal,error_invalid,error_not_found,error_queue_full,error_queued,error_rate,error_reload,error_unauthorized,error_unavailable,error_unreachable";
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
