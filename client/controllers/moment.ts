/** Facts of a moment of capture: the digest of bytes, and the time with its offset. */

/** SHA-256 in hex. */
export async function hexDigest(blob: Blob): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** `2026-05-14T10:42:07+08:00`: local time with its offset. */
export function localTime(date: Date): string {
  const offset = -date.getTimezoneOffset();
  const two = (value: number) => String(Math.abs(value)).padStart(2, '0');
  const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, 19);
  return `${local}${offset < 0 ? '-' : '+'}${two(Math.trunc(offset / 60))}:${two(offset % 60)}`;
}
