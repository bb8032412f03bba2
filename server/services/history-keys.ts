/** Who signs anchors, and who can tell that it was them; how digests of history are made of texts and moments. */
import { hash } from 'node:crypto';

export interface Verifier {
  /** The first 16 hexadecimal digits of the SHA-256 of the public key (SPKI, DER). */
  id: string;
  verify(text: string, signature: Uint8Array): boolean;
}

export interface Signer {
  id: string;
  publicPem: string;
  sign(text: string): Uint8Array;
  verifier: Verifier;
}

export const network = '00000000-0000-0000-0000-000000000000';
export const idBytes = 16;
/** Of a member: id and digest. */
export const memberBytes = 48;

export const sha256Of = (bytes: Uint8Array | string): Buffer => hash('sha256', bytes, 'buffer');

/** Bytes as text, one character a byte: cheaper than buffers to make and to compare, and verifying makes millions. */
export const zeroChain = '\0'.repeat(32);

/** The digests that schemas/history/texts.ts describes; all parts and results one character a byte, but for the text. */
export function createSealer() {
  const bytes = Buffer.alloc(72);
  const digestOf = (length: number) => hash('sha256', length === 72 ? bytes : bytes.subarray(0, length), 'binary');
  return {
    chain(previous: string, text: string, at: string): string {
      bytes.write(previous, 0, 'latin1');
      bytes.write(hash('sha256', text, 'binary'), 32, 'latin1');
      bytes.write(at, 64, 'latin1');
      return digestOf(72);
    },
    event(text: string, at: string, chain: string): string {
      bytes.write(hash('sha256', text, 'binary'), 0, 'latin1');
      bytes.write(at, 32, 'latin1');
      bytes.write(chain, 40, 'latin1');
      return digestOf(40 + chain.length);
    },
  };
}
