import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const standards = join(root, 'standards');

/** No standards at all: the command takes as long as there are some. */
const kept = [/^$/, /^\/(common|protocols)(\/|$)/, /^\/(dialect|bound-values|catalogue)\.json$/];

test('standards check names the mistakes of a protocol by file and pointer', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'xf-protocol-'));
  try {
    await cp(standards, folder, { recursive: true, filter: (path) => kept.some((pattern) => pattern.test(path.slice(standards.length).replaceAll('\\', '/'))) });
    const { code, lines } = await new Promise<{ code: unknown; lines: string[] }>((resolve) => {
      execFile(process.execPath, [join(root, 'schemas/bin/check-standards.ts'), folder], (error, stdout, stderr) => resolve({ code: error?.code ?? 0, lines: `${stdout}${stderr}`.trim().split('\n') }));
    });
    expect(code).toBe(1);
    expect(lines).toContain("protocols/melanoma-sample/1.0.0.json#/steps/0/form: There is no standard 'melanoma-resection-imaging/1.0.0', or it has mistakes");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
