/** Icons of menus: they come with the part for who acts. */
import { EyeOff, Image, Link2, MousePointerClick, ScanSearch, Send } from "lucide";
import { bringIcons } from "./icons";

bringIcons({ share: Send, shorten: Link2, hide: EyeOff, check: ScanSearch, teach: MousePointerClick, picture: Image });
