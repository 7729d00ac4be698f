/** The part of an image that is kept, in its own pixels. Pure. */

export interface Size {
  width: number;
  height: number;
}

export interface Frame extends Size {
  x: number;
  y: number;
}

/** Nothing smaller is of use to any network. */
export const SMALLEST = 32; // px

export const wholeOf = ({ width, height }: Size): Frame => ({ x: 0, y: 0, width, height });

/** The largest part with this width : height; in the middle of what `near` keeps. Null: any, so it stays as it is. */
export function withRatio(near: Frame, ratio: number | null, image: Size): Frame {
  if (ratio === null) return near;
  const width = Math.min(image.width, image.height * ratio);
  const size = { width, height: width / ratio };
  const centre = { x: near.x + near.width / 2, y: near.y + near.height / 2 };
  return inside({ ...size, x: centre.x - size.width / 2, y: centre.y - size.height / 2 }, image);
}

export function moved(frame: Frame, dx: number, dy: number, image: Size): Frame {
  return inside({ ...frame, x: frame.x + dx, y: frame.y + dy }, image);
}

/** Its right lower corner pulled; the left upper one stays. */
export function resized(frame: Frame, dx: number, dy: number, ratio: number | null, image: Size): Frame {
  const room = { width: image.width - frame.x, height: image.height - frame.y };
  const width = between(SMALLEST, frame.width + dx, room.width);
  const height = between(SMALLEST, frame.height + dy, room.height);
  if (ratio === null) return inside({ ...frame, width, height }, image);
  // Whichever way one pulls, the other side follows.
  const wanted = Math.abs(dx) >= Math.abs(dy) ? width : height * ratio;
  const most = Math.min(room.width, room.height * ratio);
  const least = Math.max(SMALLEST, SMALLEST * ratio);
  const kept = between(Math.min(least, most), wanted, most);
  return inside({ ...frame, width: kept, height: kept / ratio }, image);
}

/** The image after a quarter turn to the right, and where the frame is then. */
export function turned({ x, y, width, height }: Frame, image: Size): Frame {
  return { x: image.height - y - height, y: x, width: height, height: width };
}

function inside(frame: Frame, image: Size): Frame {
  const width = between(1, frame.width, image.width);
  const height = between(1, frame.height, image.height);
  return {
    width,
    height,
    x: between(0, frame.x, image.width - width),
    y: between(0, frame.y, image.height - height),
  };
}

const between = (low: number, value: number, high: number) => Math.max(low, Math.min(value, high));
