import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const standards = join(root, 'standards');

/** What the protocol is about, and no more: the command takes as long as there are standards. */
const kept = [/^$/, /^\/(common|value-sets|tables|protocols)(\/|$)/, /^\/[a-z-]+\.json$/, /^\/biobank(\/|$)/, /^\/skin-image(\/|$)/, /^\/examination-treatment(\/general-operation-record(\/|$)|$)/];

test('standards check names the mistakes of a protocol by file and pointer', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'xf-protocol-'));
  try {
    await cp(standards, folder, { recursive: true, filter: (path) => kept.some((pattern) => pattern.test(path.slice(standards.length).replaceAll('\\', '/'))) });
    const path = join(folder, 'protocols/melanoma-sample/1.0.0.json');
    const text = await readFile(path, 'utf8');
    const spoilt = text.replace('"moment": "removalDateTime"', '"moment": "removedAt"').replace('"photoRole": "dermoscopic"', '"photoRole": "dermoscope"').replace('"to": "tissue.stabilisationDateTime"', '"to": "tissue.frozenAt"');
    await writeFile(path, spoilt);
    const { code, lines } = await new Promise<{ code: unknown; lines: string[] }>((resolve) => {
      execFile(process.execPath, [join(root, 'schemas/bin/check-standards.ts'), folder], (error, stdout, stderr) => resolve({ code: error?.code ?? 0, lines: `${stdout}${stderr}`.trim().split('\n') }));
    });
    expect(code).toBe(1);
    expect(lines.filter((line) => line.startsWith('protocols/')).sort()).toEqual([
      "protocols/melanoma-sample/1.0.0.json#/clocks/2/to: Unknown name 'tissue.frozenAt' (at character 1)",
      "protocols/melanoma-sample/1.0.0.json#/steps/0/tasks/2/is/photoRole: 'dermoscope' is not a code of photo-role/1.0.0",
      "protocols/melanoma-sample/1.0.0.json#/steps/0/tasks/5/moment: The form of the step has no element 'removedAt'",
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
