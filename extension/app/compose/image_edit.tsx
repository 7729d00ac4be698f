/** An attached image, cut and turned. By mouse: pull the frame or its corner; by keyboard: arrows, with Shift its size. */
import { RotateCw } from "lucide";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { ApiError } from "../../shared/api";
import { t } from "../../shared/i18n";
import { Button, Dialog, Skeleton } from "../../shared/ui";
import { type Frame, moved, resized, turned, wholeOf, withRatio } from "./cropping";
import { cutOut, drawTurned, readPicture, turnedSize } from "./picture";

const RATIOS = [
  { name: "free", ratio: null },
  { name: "square", ratio: 1 },
  { name: "portrait", ratio: 4 / 5 },
  { name: "wide", ratio: 16 / 9 },
] as const;
const SHOWN = { width: 480, height: 380 }; // px, at most
const STEPS = 40; // so many presses of an arrow from end to end

interface ImageEditProps {
  id: string;
  onClose: () => void;
  /** What it is now; false where the server did not take it. */
  onDone: (image: Blob) => Promise<boolean>;
}

export function ImageEdit({ id, onClose, onDone }: ImageEditProps) {
  const [image, setImage] = useState<ImageBitmap | null>(null);
  const [type, setType] = useState("");
  const [wrong, setWrong] = useState("");
  const [turns, setTurns] = useState(0);
  const [ratio, setRatio] = useState<number | null>(null);
  const [frame, setFrame] = useState<Frame>({ x: 0, y: 0, width: 1, height: 1 });
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    let gone = false;
    readPicture(id)
      .then(async (blob) => {
        const made = await createImageBitmap(blob);
        if (gone) return made.close();
        setType(blob.type);
        setFrame(wholeOf(made));
        setImage(made);
      })
      .catch((error) => setWrong(error instanceof ApiError ? error.text : t("compose_image_broken")));
    return () => {
      gone = true;
    };
  }, [id]);

  const title = t("compose_image_edit_title");
  if (!image)
    return (
      <Dialog title={title} onClose={onClose}>
        {wrong ? <p role="alert">{wrong}</p> : <Skeleton rows={4} />}
      </Dialog>
    );
  const size = turnedSize(image, turns);
  const use = async () => {
    setBusy(true);
    const made = await cutOut(image, turns, frame, type);
    const taken = made !== null && (await onDone(made));
    setBusy(false);
    if (taken) onClose();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <div class="stack">
        <fieldset class="row wrap compose-ratios">
          <legend class="visually-hidden">{t("compose_crop")}</legend>
          {RATIOS.map((one) => (
            <button
              key={one.name}
              type="button"
              class="btn"
              aria-pressed={ratio === one.ratio}
              onClick={() => {
                setRatio(one.ratio);
                setFrame(one.ratio === null ? wholeOf(size) : withRatio(frame, one.ratio, size));
              }}
            >
              {t(`compose_crop_${one.name}`)}
            </button>
          ))}
          <Button
            icon={RotateCw}
            onClick={() => {
              const now = turnedSize(image, turns + 1);
              setTurns((turns + 1) % 4);
              setFrame(withRatio(turned(frame, size), ratio, now));
            }}
          >
            {t("compose_turn")}
          </Button>
        </fieldset>
        <Cutting image={image} turns={turns} ratio={ratio} frame={frame} onFrame={setFrame} />
        {type === "image/gif" && <p class="note">{t("compose_image_still")}</p>}
        <footer class="row wrap">
          <Button kind="primary" busy={busy} onClick={() => void use()}>
            {t("compose_image_use")}
          </Button>
          <Button kind="ghost" onClick={onClose}>
            {t("ui_cancel")}
          </Button>
          <span class="muted small" role="status">
            {t("compose_crop_size", { width: Math.round(frame.width), height: Math.round(frame.height) })}
          </span>
        </footer>
      </div>
    </Dialog>
  );
}

interface CuttingProps {
  image: ImageBitmap;
  turns: number;
  ratio: number | null;
  frame: Frame;
  onFrame: (frame: Frame) => void;
}

/** The image with the frame over it. */
function Cutting({ image, turns, ratio, frame, onFrame }: CuttingProps) {
  const place = useRef<HTMLDivElement>(null);
  const size = turnedSize(image, turns);
  const scale = Math.min(1, SHOWN.width / size.width, SHOWN.height / size.height);
  useLayoutEffect(() => {
    const canvas = drawTurned(image, turns, scale);
    place.current?.prepend(canvas);
    return () => canvas.remove();
  }, [image, turns, scale]);

  const pull = (event: PointerEvent, corner: boolean) => {
    event.preventDefault();
    event.stopPropagation();
    const on = event.currentTarget as HTMLElement;
    on.setPointerCapture(event.pointerId);
    const from = { x: event.clientX, y: event.clientY, frame };
    // The window may show it smaller than it was drawn.
    const shown = (place.current?.getBoundingClientRect().width ?? 1) / size.width;
    const move = ({ clientX, clientY }: PointerEvent) => {
      const [dx, dy] = [(clientX - from.x) / shown, (clientY - from.y) / shown];
      onFrame(corner ? resized(from.frame, dx, dy, ratio, size) : moved(from.frame, dx, dy, size));
    };
    const end = () => {
      on.removeEventListener("pointermove", move);
      on.removeEventListener("pointerup", end);
      on.removeEventListener("pointercancel", end);
    };
    on.addEventListener("pointermove", move);
    on.addEventListener("pointerup", end);
    on.addEventListener("pointercancel", end);
  };
  const byKey = (event: KeyboardEvent) => {
    const step = Math.max(1, Math.round(Math.max(size.width, size.height) / STEPS));
    const ways: Record<string, [number, number]> = {
      ArrowLeft: [-step, 0],
      ArrowRight: [step, 0],
      ArrowUp: [0, -step],
      ArrowDown: [0, step],
    };
    const way = ways[event.key];
    if (!way) return;
    event.preventDefault();
    onFrame(event.shiftKey ? resized(frame, ...way, ratio, size) : moved(frame, ...way, size));
  };
  const percent = (part: number, whole: number) => `${(100 * part) / whole}%`;
  return (
    <div class="compose-cut" ref={place}>
      <div
        class="frame-of"
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it is worked by arrow keys
        tabIndex={0}
        aria-label={t("compose_crop_frame")}
        style={{
          left: percent(frame.x, size.width),
          top: percent(frame.y, size.height),
          width: percent(frame.width, size.width),
          height: percent(frame.height, size.height),
        }}
        onPointerDown={(event) => pull(event, false)}
        onKeyDown={byKey}
      >
        <span class="corner" onPointerDown={(event) => pull(event, true)} />
      </div>
    </div>
  );
}
