/** `sbom` */
import { readFile, writeFile } from 'node:fs/promises';
import { pathOf, raise, say, type Command } from '../command.ts';
import { sbomOf, type Lock } from '../sbom.ts';

const lockFile = new URL('../../../package-lock.json', import.meta.url);

export const sbom: Command = {
  help: `
npm run -s xf -- sbom [--out <file>] [--development]

Writes the software bill of materials: CycloneDX 1.6, JSON, from package-lock.json. Every package that runs or ships, with version,
package URL, licence, SHA-512 and what depends on what. The same lock file gives the same bytes.

  --out <file>     where to; standard output when absent
  --development    with the packages that only building and testing use, in scope "excluded"
`,
  options: { out: { type: 'string' }, development: { type: 'boolean' } },
  async run(values, positionals) {
    if (positionals.length > 0) raise('The bill is of this installation; it takes no names.');
    const bill = sbomOf(JSON.parse(await readFile(lockFile, 'utf8')) as Lock, { development: values.is('development') });
    const text = `${JSON.stringify(bill, null, 2)}\n`;
    const out = values.text('out');
    if (out === undefined) return void process.stdout.write(text);
    await writeFile(pathOf(out), text);
    say(`${bill.components.length} components written to ${out}`);
  },
};
