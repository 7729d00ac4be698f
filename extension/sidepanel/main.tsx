import { Frame } from "../popup/frame";
import { mount } from "../shared/ui";
import "../shared/words";
import "../popup/popup.css";

void mount(<Frame mode="panel" />);
