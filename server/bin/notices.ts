/** Writes THIRD-PARTY-NOTICES.md from the lockfile: every package that the product runs or ships, with its licence. `--check` only compares. */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';

export interface LockedPackage {
  version?: string;
  license?: string;
  dev?: boolean;
  devOptional?: boolean;
  optional?: boolean;
}

/** Packages that name their licence in the text of it alone. */
const told: { readonly [name: string]: string } = { 'png-js': 'MIT' };

/** SPDX, of a package of the lock file. */
export function licenceOf(name: string, { license }: LockedPackage): string | undefined {
  return license ?? told[name];
}

const root = new URL('../../', import.meta.url);
const target = new URL('THIRD-PARTY-NOTICES.md', root);

/** The text that the file should have, from a parsed package-lock.json. */
export function noticesOf(lock: { packages: { [path: string]: LockedPackage } }): string {
  const rows = new Map<string, string>();
  for (const [path, locked] of Object.entries(lock.packages)) {
    if (!path || locked.dev || locked.devOptional) continue;
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    rows.set(`${name}@${locked.version}`, `| ${name} | ${locked.version} | ${licenceOf(name, locked) ?? 'see the package'} |`);
  }
  const table = [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  return `${HEAD}\n${table.join('\n')}\n`;
}

const HEAD = `# Third-party notices

xiangya-forms is licensed under Apache-2.0 (LICENSE). It runs with the packages below, each under its own licence; the texts lie in
the packages, and \`licences.md\` beside the built page holds those of what the browser loads. libvips, inside the sharp packages, is
LGPL-3.0-or-later and linked dynamically. For tests only: axe-core (MPL-2.0), Chromium.

**Classifier.** The weights in \`client/classify/models\` were trained by \`client/classify/train\` on PAD-UFES-20 (Pacheco et al. 2020,
Mendeley Data, doi:10.17632/zr7vgbcyr2.1, CC BY 4.0) and ISIC 2017 (Codella et al. 2018, arXiv:1710.05006, CC0 1.0). No picture is part of this project.

**Standards.** Element identifiers and codes restate facts of WS 445-2014, WS 364-2011 and the sources that each element cites. LOINC codes
are used under the LOINC licence (copyright Regenstrief Institute). The decision tables in \`standards/tables/ajcc8-melanoma\` restate AJCC 8th edition
staging: use of AJCC content in software normally needs a licence of the American College of Surgeons; whoever distributes or runs this product clears that
first, or replaces that one file.

| package | version | licence |
|---|---|---|`;

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const text = noticesOf(JSON.parse(await readFile(new URL('package-lock.json', root), 'utf8')));
  if (!process.argv.includes('--check')) await writeFile(target, text);
  else if ((await readFile(target, 'utf8')) !== text) {
    process.stderr.write(`${fileURLToPath(target)} is stale: run npm run generate\n`);
    process.exitCode = 1;
  }
}
