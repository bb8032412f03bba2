/** The software bill of materials, CycloneDX 1.6 as JSON, from the lock file alone: the same lock file gives the same bytes. */
import { createHash } from 'node:crypto';
import { licenceOf, type LockedPackage } from './notices.ts';

export interface Lock {
  name: string;
  version: string;
  packages: { [path: string]: LockedPackage & { integrity?: string; dependencies?: Named; optionalDependencies?: Named; devDependencies?: Named; name?: string } };
}

type Named = { [name: string]: string };

interface Component {
  'type': 'library' | 'application';
  'bom-ref': string;
  'name': string;
  'version': string;
  'purl': string;
  'scope'?: 'required' | 'optional' | 'excluded';
  'licenses'?: ({ license: { id: string } } | { expression: string })[];
  'hashes'?: { alg: 'SHA-512'; content: string }[];
}

export interface Sbom {
  bomFormat: 'CycloneDX';
  specVersion: '1.6';
  serialNumber: string;
  version: 1;
  metadata: { component: Component };
  components: Component[];
  dependencies: { ref: string; dependsOn: string[] }[];
}

/** `development` adds what only building and testing use, with the scope `excluded`. */
export function sbomOf(lock: Lock, { development = false } = {}): Sbom {
  const paths = Object.keys(lock.packages).filter((path) => path !== '' && (development || !isDevelopment(lock, path)));
  const kept = new Set(paths);
  const components = new Map(paths.map((path) => [refOf(lock, path), componentOf(lock, path)]));
  const dependencies = new Map<string, Set<string>>();
  for (const path of ['', ...paths]) {
    const on = dependencies.get(refOf(lock, path)) ?? new Set<string>();
    for (const found of dependenciesOf(lock, path, development)) if (kept.has(found)) on.add(refOf(lock, found));
    dependencies.set(refOf(lock, path), on);
  }
  const body = {
    metadata: { component: { ...componentOf(lock, ''), type: 'application' as const } },
    components: [...components.values()].sort(byRef),
    dependencies: [...dependencies].map(([ref, on]) => ({ ref, dependsOn: [...on].sort() })).sort((a, b) => (a.ref < b.ref ? -1 : 1)),
  };
  return { bomFormat: 'CycloneDX', specVersion: '1.6', serialNumber: serialOf(JSON.stringify(body)), version: 1, ...body };
}

function byRef(a: Component, b: Component): number {
  return a['bom-ref'] < b['bom-ref'] ? -1 : 1;
}

function isDevelopment(lock: Lock, path: string): boolean {
  const { dev, devOptional } = lock.packages[path] ?? {};
  return dev === true || devOptional === true;
}

function nameOf(lock: Lock, path: string): string {
  return path === '' ? lock.name : lock.packages[path]?.name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/** The package URL, which names the same package the same way everywhere. */
function refOf(lock: Lock, path: string): string {
  const name = nameOf(lock, path);
  return `pkg:npm/${name.replace('@', '%40')}@${lock.packages[path]?.version ?? lock.version}`;
}

function componentOf(lock: Lock, path: string): Component {
  const locked = lock.packages[path] ?? {};
  const ref = refOf(lock, path);
  const licence = licenceOf(nameOf(lock, path), locked);
  const digest = locked.integrity?.startsWith('sha512-') ? Buffer.from(locked.integrity.slice('sha512-'.length), 'base64').toString('hex') : undefined;
  return {
    'type': 'library', 'bom-ref': ref, 'name': nameOf(lock, path), 'version': locked.version ?? lock.version, 'purl': ref,
    ...(path === '' ? {} : { scope: isDevelopment(lock, path) ? 'excluded' as const : locked.optional ? 'optional' as const : 'required' as const }),
    ...(licence === undefined ? {} : { licenses: [/ (AND|OR|WITH) /.test(licence) ? { expression: licence } : { license: { id: licence } }] }),
    ...(digest === undefined ? {} : { hashes: [{ alg: 'SHA-512' as const, content: digest }] }),
  };
}

/** Where Node would find each dependency: in the package's own folder, or in the nearest one above. */
function dependenciesOf(lock: Lock, path: string, development: boolean): string[] {
  const { dependencies, optionalDependencies, devDependencies } = lock.packages[path] ?? {};
  const names = Object.keys({ ...dependencies, ...optionalDependencies, ...(path === '' && development ? devDependencies : {}) });
  return names.flatMap((name) => {
    for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1))) {
      const place = `${at === '' ? '' : `${at}/`}node_modules/${name}`;
      if (lock.packages[place]) return [place];
      if (at === '') return [];
    }
  });
}

/** A UUID made of the content (RFC 9562, version 8), so that a bill that did not change keeps its number. */
function serialOf(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return `urn:uuid:${bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')}`;
}
