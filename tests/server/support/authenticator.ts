/** An authenticator in software, as the WebAuthn specification describes one: ES256 keys, no attestation, the person verified. */
import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest();
const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
const verified = 0x05;
const withKey = 0x40;

export interface Authenticator {
  /** What `navigator.credentials.create` gives, as JSON. */
  create(options: object): object;
  /** What `navigator.credentials.get` gives; `changes` to play a clone or a liar. */
  get(options: object, changes?: { origin?: string; counter?: number; flags?: number }): object;
}

interface Asked {
  challenge: string;
  rp?: { id: string };
  rpId?: string;
  user?: { id: string };
}

export function anAuthenticator(origin: string): Authenticator {
  const id = randomBytes(32);
  let key: { privateKey: KeyObject; publicKey: KeyObject } | undefined;
  let user = '';
  let counter = 0;
  const clientData = (type: string, challenge: string, from = origin) => Buffer.from(JSON.stringify({ type, challenge, origin: from, crossOrigin: false }));
  const authData = (rpId: string, flags: number, count: number, rest: Uint8Array = new Uint8Array()) => {
    const head = Buffer.alloc(5);
    head.writeUInt8(flags);
    head.writeUInt32BE(count, 1);
    return Buffer.concat([sha256(rpId), head, rest]);
  };
  return {
    create(options) {
      const { challenge, rp, user: whose } = options as Asked;
      key = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      user = whose?.id ?? '';
      const { x = '', y = '' } = key.publicKey.export({ format: 'jwk' });
      const cose = Buffer.concat([Buffer.from('a5010203262001215820', 'hex'), Buffer.from(x, 'base64url'), Buffer.from('225820', 'hex'), Buffer.from(y, 'base64url')]);
      const data = authData(rp?.id ?? '', verified | withKey, counter, Buffer.concat([Buffer.alloc(16), Buffer.from([0, id.length]), id, cose]));
      const length = Buffer.alloc(2);
      length.writeUInt16BE(data.length);
      const attestation = Buffer.concat([Buffer.from('a363666d74646e6f6e656761747453746d74a068617574684461746159', 'hex'), length, data]);
      return {
        id: base64url(id), rawId: base64url(id), type: 'public-key', clientExtensionResults: {}, authenticatorAttachment: 'platform',
        response: { clientDataJSON: base64url(clientData('webauthn.create', challenge)), attestationObject: base64url(attestation), transports: ['internal'] },
      };
    },
    get(options, { origin: from, counter: count = (counter += 1), flags = verified } = {}) {
      const { challenge, rpId } = options as Asked;
      const data = authData(rpId ?? '', flags, count);
      const client = clientData('webauthn.get', challenge, from);
      const signature = sign('sha256', Buffer.concat([data, sha256(client)]), key?.privateKey ?? expectKey());
      return {
        id: base64url(id), rawId: base64url(id), type: 'public-key', clientExtensionResults: {},
        response: { clientDataJSON: base64url(client), authenticatorData: base64url(data), signature: base64url(signature), userHandle: user },
      };
    },
  };
}

function expectKey(): never {
  throw new Error('No passkey was made on this authenticator');
}
