/** The text of an XML file, whatever it says of its encoding: files of old readers are not all UTF-8. */

const MARKS: [number[], string][] = [
  [[0xef, 0xbb, 0xbf], "utf-8"],
  [[0xff, 0xfe], "utf-16le"],
  [[0xfe, 0xff], "utf-16be"],
];

/** Its byte-order mark, else its declaration, else UTF-8. */
export function encodingOf(bytes: Uint8Array): string {
  for (const [mark, encoding] of MARKS) if (mark.every((byte, at) => bytes[at] === byte)) return encoding;
  const head = String.fromCharCode(...bytes.subarray(0, 200));
  return /^\s*<\?xml[^>]*\bencoding\s*=\s*["']([\w.:-]+)["']/.exec(head)?.[1] ?? "utf-8";
}

export function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder(encodingOf(bytes)).decode(bytes);
  } catch {
    // An encoding that no browser knows.
    return new TextDecoder().decode(bytes);
  }
}
