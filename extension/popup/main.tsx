import "./popup.css"; // before what stands on it: later rules win
import { api } from "../shared/browser";
import { mount } from "../shared/ui";
import "../shared/words";
import { Frame } from "./frame";

// A popup is as large as its page says; the same page in a tab takes the room it has.
if (api.extension?.getViews({ type: "popup" }).includes(window)) {
  document.body.classList.add("sized");
  // The browser's own limit, in our pixels, is lower where the person zoomed in.
  setTimeout(() => document.body.classList.toggle("short", innerHeight < 590), 150);
}
void mount(<Frame mode="popup" />);
