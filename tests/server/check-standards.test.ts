import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadStandards } from '../../schemas/bin/load.ts';
import { repeatedKeys } from '../../schemas/repeated-keys.ts';
import { runCases } from '../../schemas/cases.ts';
import { aStandard, prepare } from '../schemas/a-standard.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The command takes as long as there are standards; three tell as much as all. */
const copied = ['skin-cancer/melanoma-staging/', 'skin-disease/lesion-register/', 'basic-information/patient-basic-info/'];
const isStandard = /^\/releases\/|^\/(?!value-sets\/|common\/|tables\/)[a-z-]+\/[a-z-]+\/.*\.json$/;

/** Exit code and lines of `check-standards.ts` on a copy of the standards that `change` has spoilt. */
async function checkCopy(change: (folder: string) => Promise<void>): Promise<{ code: number; lines: string[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'xf-standards-'));
  try {
    const isKept = (path: string) => !isStandard.test(path) || copied.some((name) => path.includes(name));
    await cp(join(root, 'standards'), folder, { recursive: true, filter: (path) => isKept(path.slice(join(root, 'standards').length).replaceAll('\\', '/')) });
    await change(folder);
    return await new Promise((resolve) => {
      execFile(process.execPath, [join(root, 'schemas/bin/check-standards.ts'), folder], (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, lines: `${stdout}${stderr}`.trim().split('\n') });
      });
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function replace(path: string, from: string, to: string): Promise<void> {
  const text = await readFile(path, 'utf8');
  expect(text).toContain(from);
  await writeFile(path, text.replace(from, to));
}

test('the command names every mistake by file and pointer', async () => {
  const { code, lines } = await checkCopy(async (folder) => {
    await replace(join(folder, 'skin-cancer/melanoma-staging/1.0.0.json'), "primaryTumorStatus == 'measurable'", "primaryTumorStatus == 'mesurable'");
    await replace(join(folder, 'skin-disease/lesion-register/1.0.0.cases.json'), '"durationMonths": 24', '"durationMonths": 25');
  });
  expect(code).toBe(1);
  expect(lines).toHaveLength(2);
  expect(lines.find((line) => line.startsWith('skin-cancer/melanoma-staging/1.0.0.json#/properties/'))).toContain("has no code 'mesurable'");
  expect(lines.find((line) => line.startsWith('skin-disease/lesion-register/1.0.0.cases.json#/cases/0/expect/data/durationMonths'))).toContain('Is 24');
});

test('mistakes of all kinds of documents come out in one run', async () => {
  const { code, lines } = await checkCopy(async (folder) => {
    await replace(join(folder, 'value-sets/laterality/1.0.0.json'), '"codes"', '"colour": "red", "codes"');
    await replace(join(folder, 'value-sets/digit/1.0.0.json'), '"title"', '"source": "x", "title"');
    await cp(join(folder, 'value-sets/elevation/1.0.0.json'), join(folder, 'value-sets/elevation/1.0.1.json'));
    await writeFile(join(folder, 'value-sets/broken.json'), '{ "codes": [');
    await replace(join(folder, 'skin-disease/lesion-register/1.0.0.json'), '"type": "object",', '"type": "object", "colour": "red",');
    await writeFile(join(folder, 'releases/2099.1.json'), JSON.stringify({
      $id: 'https://xiangya-forms.org/standards/releases/2099.1.json', release: '2099.1', title: 'x', text: { en: { title: 'x' } },
      standards: [{ dataset: 'skin-cancer', subDataset: 'melanoma-staging', version: '9.0.0', sha256: '0'.repeat(64) }], valueSets: [{ ref: 'sex/9.0.0', sha256: '0'.repeat(64) }], tables: [],
    }));
    await replace(join(folder, 'common/site-reference/1.0.0.json'), '"site.id"', '"site.shoeSize"');
    await replace(join(folder, 'basic-information/patient-basic-info/1.0.0.json'), '"bind": "subject.name"', '"bind": "subject.nickname"');
  });
  expect(code).toBe(1);
  for (const expected of [
    'value-sets/laterality/1.0.0.json#/colour: Unknown keyword',
    'value-sets/digit/1.0.0.json#/source: The key stands twice in one object',
    'value-sets/elevation/1.0.1.json#/$id: Another document has the same $id: value-sets/elevation/1.0.0.json',
    'value-sets/elevation/1.0.1.json#/$id: Must be https://xiangya-forms.org/standards/value-sets/elevation/1.0.1.json',
    'value-sets/broken.json#: Is not JSON',
    'skin-disease/lesion-register/1.0.0.json#/colour: Unknown keyword',
    'releases/2099.1.json#/standards/0: melanoma-staging 9.0.0 is not there',
    'releases/2099.1.json#/valueSets/0: sex/9.0.0 is not there',
    "common/site-reference/1.0.0.json#/bind: Unknown value 'site.shoeSize'",
    "basic-information/patient-basic-info/1.0.0.json#/properties/name/bind: Unknown value 'subject.nickname'",
  ]) expect(lines.some((line) => line.startsWith(expected)), `${expected}\n${lines.join('\n')}`).toBe(true);
});

test.for([
  ['{"a": 1, "b": {"a": 2, "c": [{"x": 1}, {"x": 1, "y": 1, "x": 2}]}}', ['/b/c/1/x']],
  ['{"a": "{\\"a\\": 1, \\"a\\": 2}", "b,": [1, "a", "a"], "b": 1}', []],
  ['{"a": [], "\\u0061": {}}', ['/a']],
] as const)('a key that stands twice is found: %s', ([text, pointers]) => {
  expect(repeatedKeys(text).map(({ pointer }) => pointer)).toEqual(pointers);
});

test('a file that is not JSON is named', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'xf-standards-'));
  await writeFile(join(folder, 'laterality.json'), '{ "codes": [');
  expect(() => loadStandards(folder)).toThrow(/^laterality\.json is not JSON: /);
  await rm(folder, { recursive: true });
});

test('a case that does not come out says how', () => {
  const prepared = prepare(aStandard({ a: { type: 'number' }, b: { type: 'number', enableWhen: 'a > 1' }, c: { type: 'number', calculate: 'a * 2' } }, { required: ['a'] }));
  const failures = runCases(prepared, {
    cases: [
      { description: 'right', answers: { data: { a: 2 } }, valid: true, expect: { data: { c: 4, '/a': 2, b: null } } },
      { description: 'wrong value', answers: { data: { a: 2 } }, valid: true, expect: { data: { c: 5 } } },
      { description: 'wrong state', answers: { data: { a: 2 } }, valid: true, expect: { disabled: ['/b'] } },
      { description: 'not valid', answers: { data: {} }, valid: true },
      { description: 'not invalid', answers: { data: { a: 2 } }, valid: false, expect: { findings: [{ pointer: '/a', rule: 'type' }] } },
      { description: 'not all told', answers: { data: { a: 'x', z: 1 } }, valid: false, expect: { findings: [{ pointer: '/a', rule: 'type' }] } },
    ],
  });
  expect(failures.map(({ pointer, detail }) => `${pointer}: ${detail}`)).toEqual([
    '/cases/1/expect/data/c: Is 4',
    "/cases/2/expect/disabled/0: '/b' is in play",
    '/cases/3/valid: Reported: required at /a',
    '/cases/4/valid: No hard finding was reported',
    '/cases/4/expect/findings/0: Not reported: type at /a',
    '/cases/5/expect/findings: Reported but not listed: unknown-element at /z',
  ]);
});
