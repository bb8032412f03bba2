/** The key that signs anchors of history: Ed25519, PEM, of mode 0600 in the data folder; its public half lies beside it for whoever checks. */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Signer, Verifier } from '../services/history-keys.ts';

const names = { private: 'history-key.pem', public: 'history-key.public.pem' } as const;

/** Reads the key of a folder, or makes one where there is none. Fails with a message that names the file. */
export async function openHistoryKey(folder: string): Promise<Signer> {
  const path = join(folder, names.private);
  const privateKey = parse(path, await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? create(path) : fail(path, `cannot be read (${error.code ?? 'unknown error'})`))));
  const publicKey = createPublicKey(privateKey);
  const publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  await writeFile(join(folder, names.public), publicPem, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => { if (error.code !== 'EEXIST') throw error; });
  return { id: idOf(publicKey), publicPem, sign: (text) => sign(null, Buffer.from(text), privateKey), verifier: verifierOf(publicKey) };
}

async function create(path: string): Promise<string> {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  await mkdir(dirname(path), { recursive: true });
  // Two that start at once: the second reads what the first has made.
  const file = await open(path, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => { if (error.code !== 'EEXIST') throw error; });
  if (!file) return readFile(path, 'utf8');
  try {
    await file.writeFile(pem);
    await file.sync();
  } finally {
    await file.close();
  }
  return pem;
}

function parse(path: string, pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Said below.
  }
  return fail(path, 'holds no Ed25519 key');
}

function fail(path: string, what: string): never {
  throw new Error(`The key file ${path} ${what}; restore it from where it was kept, or move it away to begin with a new key`);
}

/** One or more public keys in PEM, as a file holds them. */
export async function readPublicKeys(path: string): Promise<Verifier[]> {
  const blocks = (await readFile(path, 'utf8')).match(/-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g) ?? [];
  if (blocks.length === 0) throw new Error(`${path} holds no public key in PEM`);
  return blocks.map((pem) => verifierOf(createPublicKey(pem)));
}

function verifierOf(key: KeyObject): Verifier {
  return { id: idOf(key), verify: (text, signature) => verify(null, Buffer.from(text), key, signature) };
}

function idOf(key: KeyObject): string {
  return createHash('sha256').update(key.export({ type: 'spki', format: 'der' })).digest('hex').slice(0, 16);
}
