/** The bytes of an image that the server keeps, and what an edited one becomes. */
import { useEffect, useState } from "preact/hooks";
import { ApiError, blobOf, errorOf } from "../../shared/api";
import { inExtension } from "../../shared/browser";
import { send } from "../../shared/send";
import type { Frame, Size } from "./cropping";

/** Rejects with ApiError or SendError. */
export async function readPicture(id: string): Promise<Blob> {
  if (inExtension) {
    const { type, data } = await send("media.file", { id });
    return blobOf(data, type);
  }
  const answer = await fetch(`/api/v1/media/${encodeURIComponent(id)}/file`, { credentials: "same-origin" }).catch(
    () => null,
  );
  if (!answer?.ok) throw answer ? errorOf(answer.status, await answer.json().catch(() => null)) : away();
  return answer.blob();
}

const away = () => new ApiError(0, "unreachable", "The server does not answer.");

/** An address to show it at: `known` where there is one; "" = not yet, or never. */
export function usePicture(id: string, known: string): string {
  const [made, set] = useState("");
  useEffect(() => {
    if (known) return;
    let address = "";
    let gone = false;
    readPicture(id).then(
      (blob) => {
        if (gone) return;
        address = URL.createObjectURL(blob);
        set(address);
      },
      () => undefined,
    );
    return () => {
      gone = true;
      URL.revokeObjectURL(address);
    };
  }, [id, known]);
  return known || made;
}

/** Turned by `turns` quarters to the right. */
export function drawTurned(image: ImageBitmap, turns: number, scale = 1): HTMLCanvasElement {
  const { width, height } = turnedSize(image, turns);
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const pen = canvas.getContext("2d")!;
  pen.scale(scale, scale);
  pen.translate(width / 2, height / 2);
  pen.rotate((turns * Math.PI) / 2);
  pen.drawImage(image, -image.width / 2, -image.height / 2);
  return canvas;
}

export function turnedSize({ width, height }: Size, turns: number): Size {
  return turns % 2 === 0 ? { width, height } : { width: height, height: width };
}

/** Kept as what it was; what browsers cannot write becomes PNG. */
const WRITTEN = new Set(["image/jpeg", "image/png", "image/webp"]);
const QUALITY = 0.92;

export function cutOut(image: ImageBitmap, turns: number, frame: Frame, type: string): Promise<Blob | null> {
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(frame.width);
  canvas.height = Math.round(frame.height);
  canvas.getContext("2d")!.drawImage(drawTurned(image, turns), -Math.round(frame.x), -Math.round(frame.y));
  return new Promise((done) => canvas.toBlob(done, WRITTEN.has(type) ? type : "image/png", QUALITY));
}
