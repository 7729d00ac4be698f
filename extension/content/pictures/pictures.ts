/**
 * A small button at pictures that the pointer is over. Off until the person switches it on; the same is behind ⋯ of a
 * post, for the keyboard. It floats: nothing of the page moves, and nothing leaves it before the click.
 */
import { t } from "../../shared/i18n";
import { button } from "../toolbar/button";
import { make } from "../toolbar/dom";
import { Float } from "../toolbar/float";
import { isUsed, makeHost, pageRoot } from "../toolbar/host";
import { mark } from "../toolbar/icons";
import { isOurs } from "../toolbar/tag";
import { themeAt } from "../toolbar/theme";
import { isPicture } from "./which";

const INSET = 8; // px from the picture's corner
const LEAVES_AFTER = 250; // ms

export interface PictureHooks {
  /** `edit`: cut or turned first. */
  share(image: HTMLImageElement, edit: boolean): void;
}

export class PictureButton {
  readonly #host = makeHost("over");
  readonly #float = new Float();
  readonly #hooks: PictureHooks;
  #image: HTMLImageElement | null = null;
  /** Just shared: no second time until the pointer was elsewhere. */
  #shared: HTMLImageElement | null = null;
  #frame = 0;
  /** Where it was last: within a frame it may have gone on. */
  #pointer = { x: 0, y: 0 };
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(hooks: PictureHooks, signal: AbortSignal) {
    this.#hooks = hooks;
    const over = ({ clientX, clientY, pointerType }: PointerEvent) => {
      if (pointerType === "touch") return;
      this.#pointer = { x: clientX, y: clientY };
      this.#frame ||= requestAnimationFrame(() => {
        this.#frame = 0;
        this.#at(this.#pointer);
      });
    };
    document.addEventListener("pointerover", over, { capture: true, passive: true, signal });
    signal.addEventListener("abort", () => this.close());
  }

  /** Sites lay links and layers over their pictures: the first picture of all that is there. */
  #at({ x, y }: { x: number; y: number }): void {
    const there = document.elementsFromPoint(x, y);
    const image = there.find((one): one is HTMLImageElement => one instanceof HTMLImageElement && isPicture(one));
    const stays = (there[0] && isOurs(there[0])) || (image && image === this.#image);
    if (image !== (this.#shared ?? undefined)) this.#shared = null;
    if (stays) clearTimeout(this.#timer);
    else if (image && image !== this.#shared) this.#show(image);
    else if (this.#image) this.#leave();
  }

  #leave(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (!isUsed(this.#host)) this.close();
      else this.#leave();
    }, LEAVES_AFTER);
  }

  #show(image: HTMLImageElement): void {
    this.close();
    this.#image = image;
    this.#host.body.className = `en ${themeAt(image)}`;
    const act = (edit: boolean) => () => {
      this.close();
      this.#shared = image;
      this.#hooks.share(image, edit);
    };
    const share = button(t("toolbar_picture_share"), act(false));
    share.prepend(mark());
    const edit = button(t("toolbar_picture_edit"), act(true));
    pageRoot(image).append(this.#host.node);
    const box = make("div", { class: "at-picture" }, share, edit);
    this.#float.open(this.#host.body, box, () => {
      const { left, top } = image.getBoundingClientRect();
      if (!image.isConnected) this.close();
      return { x: Math.max(0, left) + INSET, y: Math.max(0, top) + INSET };
    });
  }

  close(): void {
    clearTimeout(this.#timer);
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#float.close();
    this.#host.node.remove();
    this.#image = null;
  }
}
