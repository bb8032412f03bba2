/** Bytes of a table → text. Hospital exports come as UTF-8 with or without a mark, UTF-16, and GB18030 (which Excel in China writes). */

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030';

export interface Decoded {
  text: string;
  encoding: Encoding;
}

/**
 * `encoding` overrules the guess. Without it a byte order mark decides, then whether the bytes are valid UTF-8; whatever is
 * left is read as GB18030. Throws an Error in plain words when the bytes are not text in that encoding.
 */
export function decodeText(bytes: Uint8Array, encoding?: Encoding): Decoded {
  const chosen = encoding ?? encodingOf(bytes);
  try {
    return { text: new TextDecoder(chosen, { fatal: true }).decode(bytes), encoding: chosen };
  } catch {
    throw new Error(`The file is not text in ${chosen}. Save it as UTF-8, or name its encoding in the mapping ("file": {"encoding": …})`);
  }
}

function encodingOf(bytes: Uint8Array): Encoding {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return isUtf8(bytes) ? 'utf-8' : 'gb18030';
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
