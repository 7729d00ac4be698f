import "../popup/popup.css"; // before what stands on it: later rules win
import { Frame } from "../popup/frame";
import { mount } from "../shared/ui";
import "../shared/words";

void mount(<Frame mode="panel" />);
