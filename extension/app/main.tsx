import { mount } from "../shared/ui";
import "../shared/words";
import { App } from "./app";
import { useStoredTheme } from "./shell/theme";
import "./app.css";

void useStoredTheme().then(() => mount(<App />));
