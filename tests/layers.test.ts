import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Layer {
  /** A file, or a folder with everything in it; the longest that fits is the one that counts. */
  of: string;
  packages: string[];
  /** Files and folders of ours; its own folder is always allowed. */
  folders: string[];
}

/** Who may import what. A name that ends in * stands for all that begin so. */
const law: Layer[] = [
  { of: 'schemas/', packages: ['ajv', 'big.js'], folders: [] },
  { of: 'schemas/expression/', packages: ['@marcbachmann/cel-js', 'big.js'], folders: ['schemas/'] },
  { of: 'schemas/compile/', packages: [], folders: ['schemas/'] },
  { of: 'schemas/http/', packages: [], folders: ['schemas/'] },
  { of: 'schemas/history/', packages: [], folders: ['schemas/'] },
  { of: 'schemas/types/', packages: [], folders: ['schemas/'] },
  // Only what writes value sets or imports codes needs it; the page never.
  { of: 'schemas/pinyin/', packages: ['pinyin-pro'], folders: ['schemas/'] },
  { of: 'schemas/bin/', packages: ['node:*', 'json-schema-to-typescript'], folders: ['schemas/'] },

  // The outermost files of the server put everything together.
  { of: 'server/', packages: ['node:*', 'fastify', '@fastify/*', 'ajv', 'uuid'], folders: ['server/', 'schemas/'] },
  { of: 'server/database.ts', packages: ['kysely', 'pg'], folders: ['server/'] },
  { of: 'server/driver.ts', packages: ['kysely'], folders: ['server/engine.ts'] },
  { of: 'server/migrate.ts', packages: ['kysely', 'node:*'], folders: [] },
  { of: 'server/tables.ts', packages: ['kysely'], folders: ['schemas/'] },
  { of: 'server/postgresql.ts', packages: ['pg', 'pg-copy-streams'], folders: ['server/engine.ts'] },
  { of: 'server/embedded/', packages: ['@electric-sql/pglite', 'node:*'], folders: ['server/engine.ts'] },
  { of: 'server/repositories/', packages: ['kysely', 'uuid'], folders: ['server/database.ts', 'schemas/'] },
  { of: 'server/services/', packages: ['node:*', 'uuid', '@node-rs/argon2'], folders: ['server/database.ts', 'server/repositories/', 'server/files/', 'schemas/'] },
  { of: 'server/services/passkeys.ts', packages: ['@simplewebauthn/server', 'uuid'], folders: ['server/services/', 'server/database.ts', 'server/repositories/', 'schemas/'] },
  { of: 'server/services/provider.ts', packages: ['openid-client', 'uuid'], folders: ['server/services/', 'server/database.ts', 'server/repositories/', 'schemas/'] },
  { of: 'server/files/', packages: ['node:*', 'uuid', 'sharp', 'exifr'], folders: ['server/services/', 'schemas/'] },
  { of: 'server/exchange/', packages: ['node:*', 'uuid', 'papaparse', 'fflate', 'saxes', 'write-excel-file', 'pdfkit', 'bwip-js'], folders: ['server/database.ts', 'server/repositories/', 'server/services/', 'server/standards.ts', 'schemas/'] },
  { of: 'server/routes/', packages: ['fastify', '@fastify/*', 'ajv', 'uuid', 'node:*'], folders: ['server/database.ts', 'server/guard.ts', 'server/repositories/', 'server/services/', 'server/files/', 'server/exchange/', 'schemas/'] },
  { of: 'server/bin/', packages: ['node:*', 'uuid', 'papaparse'], folders: ['server/', 'schemas/'] },
  { of: 'server/demo/', packages: ['node:*', 'uuid', 'sharp'], folders: ['server/', 'schemas/'] },

  { of: 'client/', packages: ['lit', 'uuid'], folders: ['client/', 'schemas/'] },
  { of: 'client/fields/', packages: ['lit', 'uuid'], folders: ['client/events.ts', 'client/text/', 'client/styles/', 'schemas/'] },
  { of: 'client/controllers/', packages: ['lit', 'uuid'], folders: ['client/api.ts', 'client/account-api.ts', 'client/protocol-api.ts', 'client/request.ts', 'client/events.ts', 'client/preferences.ts', 'client/text/', 'client/classify/', 'schemas/'] },
  // Loaded when somebody presses the button for it, and not before.
  { of: 'client/controllers/passkey.ts', packages: ['@simplewebauthn/browser'], folders: ['client/account-api.ts', 'schemas/'] },
  // Brings its element along when the first picture is taken, and not before.
  { of: 'client/controllers/picture.ts', packages: ['lit', 'uuid'], folders: ['client/', 'schemas/'] },
  { of: 'client/classify/', packages: ['onnxruntime-web'], folders: [] },
  { of: 'client/vite.config.ts', packages: ['vite', 'node:*'], folders: [] },
];

const files = ['schemas', 'server', 'client'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts')).map((file) => posix.join(folder, file.replaceAll('\\', '/'))));

interface Import {
  /** A path from the root for ours, else the name of a package. */
  name: string;
  ours: boolean;
  typeOnly: boolean;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found = [
    ...text.matchAll(/^(?:import|export)(?<type> type)?\b[^'";]*?from '(?<name>[^']+)'/gm),
    ...text.matchAll(/^import (?<type>)'(?<name>[^']+)'/gm),
    ...text.matchAll(/(?<type>typeof )?\bimport\('(?<name>[^']+)'\)/g),
    ...text.matchAll(/(?<type>)new URL\('(?<name>[^']+\.ts)', import\.meta\.url\)/g),
  ];
  return found.map(({ groups = {} }) => {
    const name = groups['name'] ?? '';
    const ours = name.startsWith('.');
    return { name: ours ? posix.normalize(posix.join(dirname(file), name)) : packageOf(name), ours, typeOnly: Boolean(groups['type']) };
  });
}

function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier;
  return specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}

function layerOf(file: string): Layer {
  const layers = law.filter(({ of }) => file === of || (of.endsWith('/') && file.startsWith(of)));
  return layers.reduce((longest, layer) => (layer.of.length > longest.of.length ? layer : longest), { of: '', packages: [], folders: [] });
}

function isAllowed({ of, packages, folders }: Layer, { name, ours }: Import): boolean {
  if (!ours) return packages.some((allowed) => (allowed.endsWith('*') ? name.startsWith(allowed.slice(0, -1)) : name === allowed));
  // Command lines are used by command lines alone.
  if (name.startsWith('schemas/bin/') && !/^(schemas|server)\/bin\//.test(of)) return false;
  return [of, ...folders].some((allowed) => (allowed.endsWith('/') ? name.startsWith(allowed) : name === allowed));
}

/** Everything that is loaded with a file. Types leave nothing to load. */
function loadedWith(start: string): Map<string, string> {
  const from = new Map([[start, start]]);
  for (const [file] of from) {
    if (!files.includes(file)) continue;
    for (const { name, typeOnly } of importsOf(file)) if (!typeOnly && !from.has(name)) from.set(name, file);
  }
  return from;
}

describe('imports', () => {
  test.each(['schemas', 'server', 'client'])('of %s keep to the law', (folder) => {
    const broken = files.filter((file) => file.startsWith(`${folder}/`)).flatMap((file) =>
      importsOf(file).filter((imported) => !isAllowed(layerOf(file), imported)).map(({ name }) => `${file} imports ${name}`));
    expect(broken).toEqual([]);
  });

  test.skipIf(!files.includes('client/main.ts'))('bring no compiler and nothing of the server to the page', () => {
    const loaded = loadedWith('client/main.ts');
    const heavy = [...loaded].filter(([name]) => name.startsWith('node:') || ['ajv', '@marcbachmann/cel-js', 'fastify', 'kysely', 'pg'].includes(name));
    expect(heavy.map(([name, from]) => `${from} loads ${name}`)).toEqual([]);
  });
});

describe('the engine', () => {
  const impure = { clock: /\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b/, randomness: /\bMath\.random\b|\brandomUUID\b|\bgetRandomValues\b/, logging: /\bconsole\.\w/, eval: /\beval\(|\bnew Function\(/ };

  test.each(Object.entries(impure))('uses no %s', (_, pattern) => {
    const users = files.filter((file) => file.startsWith('schemas/') && !file.startsWith('schemas/bin/')).filter((file) => pattern.test(withoutComments(readFileSync(join(root, file), 'utf8'))));
    expect(users).toEqual([]);
  });
});

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[^]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '');
}
