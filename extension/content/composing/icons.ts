/** Icons that stand only beside text boxes. */
import { CalendarClock, Megaphone, PanelTop } from "lucide";
import { bringIcons } from "../toolbar/icons";

bringIcons({ schedule: CalendarClock, card: PanelTop, campaign: Megaphone });
