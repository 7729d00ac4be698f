/** The small pieces every screen is made of. Their looks are in ../base.css. */
export { Button, IconButton } from "./button";
export { Chip } from "./chip";
export { Choices } from "./choices";
export { copyText } from "./copy";
export { Dialog } from "./dialog";
export { Empty } from "./empty";
export { Field, Input, Select, TextArea } from "./field";
export { FinalButton } from "./final";
export { type Loaded, useKeys, useLanguage, useLoad, useTurns } from "./hooks";
export { Icon, Mark } from "./icon";
export { Kbd, KeyPanel } from "./keypanel";
export { Menu, type MenuItem } from "./menu";
export { mount } from "./mount";
export { Skeleton } from "./skeleton";
export { Tabs } from "./tabs";
export { Toasts, toast, undoable, undoLast } from "./toasts";
