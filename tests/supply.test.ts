/** SUP-1: what we depend on is what we looked at: exact, whole, licensed, without scripts of its own; and the bill of it is right. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { licenceOf } from '../server/bin/notices.ts';
import { sbomOf, type Lock } from '../server/bin/sbom.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const lock = JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8')) as Lock & { lockfileVersion: number; packages: { [path: string]: { resolved?: string; hasInstallScript?: boolean; engines?: { node?: string }; link?: boolean } } };
const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { [member: string]: { [name: string]: string } };
const packages = Object.entries(lock.packages).filter(([path]) => path !== '');
const nameOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** Permissive, or weakly copyleft and used unchanged. Another one is a decision of people, not of a lock file. */
const licences = new Set([
  'MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0', 'Python-2.0', 'PSF-2.0', 'OFL-1.1', 'MPL-2.0', 'CC0-1.0', 'Unlicense',
  'LGPL-3.0-or-later', 'Apache-2.0 AND LGPL-3.0-or-later', 'Apache-2.0 AND LGPL-3.0-or-later AND MIT',
]);

/** They ask to run something when they are installed; we install without scripts, and they work so. */
const withScripts = new Set(['protobufjs']);

test('the lock file is in step with package.json', () => {
  for (const member of ['dependencies', 'devDependencies']) expect(lock.packages['']?.[member as 'dependencies']).toEqual(manifest[member]);
  expect(lock.lockfileVersion).toBe(3);
});

test('every dependency of ours is one exact version, and installed in it', () => {
  for (const [name, version] of Object.entries({ ...manifest['dependencies'], ...manifest['devDependencies'] })) {
    expect([name, version]).toEqual([name, expect.stringMatching(/^\d+\.\d+\.\d+(-[\w.]+)?$/)]);
    expect([name, lock.packages[`node_modules/${name}`]?.version]).toEqual([name, version]);
  }
});

test('every package has the digest of its content, and comes from a registry', () => {
  for (const [path, { integrity, resolved, link }] of packages) {
    expect([path, integrity]).toEqual([path, expect.stringMatching(/^sha512-[A-Za-z0-9+/]{86}==$/)]);
    expect([path, link]).toEqual([path, undefined]);
    if (resolved !== undefined) expect([path, /^https:\/\/[^/]+\/.*\.tgz$/.test(resolved)]).toEqual([path, true]);
  }
});

test('no package has a licence that nobody decided on', () => {
  expect(packages.filter(([path, locked]) => !licences.has(licenceOf(nameOf(path), locked) ?? '')).map(([path, { license }]) => `${path}: ${license}`)).toEqual([]);
});

test('no package runs a script when it is installed, but for the few that are known', () => {
  expect(packages.filter(([path, { hasInstallScript }]) => hasInstallScript && !withScripts.has(nameOf(path))).map(([path]) => path)).toEqual([]);
  expect(readFileSync(`${root}server/bin/setup.mjs`, 'utf8')).toContain('--ignore-scripts');
});

test('the bill names every package that runs, with version, licence and digest', () => {
  const bill = sbomOf(lock);
  const running = packages.filter(([, { dev, devOptional }]) => !dev && !devOptional);
  expect(new Set(bill.components.map(({ name, version }) => `${name}@${version}`))).toEqual(new Set(running.map(([path, { version }]) => `${nameOf(path)}@${version}`)));
  expect(sbomOf(lock)).toEqual(bill);
  for (const { name, licenses, hashes } of bill.components) expect([name, licenses?.length, hashes?.[0]?.content]).toEqual([name, 1, expect.stringMatching(/^[0-9a-f]{128}$/)]);
});

test('the bill has what CycloneDX 1.6 requires of one', () => {
  const bill = sbomOf(lock, { development: true });
  expect(bill).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, metadata: { component: { type: 'application', name: 'xiangya-forms' } } });
  expect(bill.serialNumber).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
  const refs = [bill.metadata.component, ...bill.components].map((each) => each['bom-ref']);
  expect(new Set(refs).size).toBe(refs.length);
  for (const { type, name, version, purl, scope } of bill.components) {
    expect({ type, name, version, purl, scope }).toEqual({ type: 'library', name: expect.stringMatching(/./) as string, version: expect.stringMatching(/^\d/) as string, purl: expect.stringMatching(/^pkg:npm\/(%40[^/@]+\/)?[^/@]+@\d/) as string, scope: expect.stringMatching(/^(required|optional|excluded)$/) as string });
  }
  expect(bill.dependencies.map(({ ref }) => ref).sort()).toEqual([...refs].sort());
  for (const { dependsOn } of bill.dependencies) for (const on of dependsOn) expect(refs).toContain(on);
  expect(bill.dependencies.find(({ ref }) => ref === bill.metadata.component['bom-ref'])?.dependsOn.length).toBe(Object.keys({ ...manifest['dependencies'], ...manifest['devDependencies'] }).length);
});

test('the command writes it', () => {
  const text = execFileSync(process.execPath, [`${root}server/bin/xf.ts`, 'sbom'], { encoding: 'utf8' });
  expect(JSON.parse(text)).toEqual(sbomOf(lock));
});
