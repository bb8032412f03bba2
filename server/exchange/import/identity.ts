/** Ids that are made from what a thing is, so that the same row of the same source gets them again. */
import { createHash } from 'node:crypto';
import { v5 as uuidv5 } from 'uuid';

/** Of this project's imports; never to be changed. */
const namespace = 'a3f0a2c6-2f0e-4b1c-9d5b-6f6f3e0c8d11';

/** The UUID (version 5) of these words at a site. */
export function idAt(siteId: string, ...words: string[]): string {
  return uuidv5(JSON.stringify([siteId, ...words]), namespace);
}

/** Lower-case hex. */
export function sha256Of(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
