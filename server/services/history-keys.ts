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

/** SHA-256 of the digest of a text and of what follows it; see schemas/history/texts.ts. */
export function sealText(text: string, ...rest: Uint8Array[]): Buffer {
  return sha256Of(Buffer.concat([sha256Of(text), ...rest]));
}
