/** The worked examples of derm-rules.md: each row of its tables is a case of some standard, which names the section as its source. */
import { describe, expect, test } from 'vitest';
import type { CasesDocument } from '../../schemas/cases.ts';
import { hasSources, readSource } from './sources.ts';
import { files } from './standards.ts';

/** Sections whose last table holds worked examples; before it may stand tables of the rule itself. In §4 every table does. */
const sections = ['1.1', '1.2', '1.3', '1.5', '2.1', '2.3', '2.4', '3.1', '3.2', '3.3', '3.4', '4', '5.1', '5.2', '6.1'];

const sources = [...files].flatMap(([path, document]) => (path.endsWith('.cases.json') ? (document as CasesDocument).cases.flatMap(sourceOf) : []));

function sourceOf(each: object): string[] {
  return 'source' in each && typeof each.source === 'string' ? [each.source] : [];
}

/** The tables under a heading, each by its number of rows. */
function tablesOf(section: string): number[] {
  const [, text = ''] = readSource('derm-rules.md').split(new RegExp(`^###? ${section.replace('.', '\\.')}[. ]`, 'm'));
  const [own = ''] = text.split(/^##/m);
  return own.split(/\n(?!\|)/).map((block) => block.split('\n').filter((line) => line.startsWith('|')).length - 2).filter((rows) => rows > 0);
}

describe.runIf(hasSources('the cases against the worked examples of derm-rules.md'))('worked examples', () => {
  test.for(sections)('§%s: every row is a case', (section) => {
    const tables = tablesOf(section);
    const rows = section === '4' ? tables.reduce((sum, count) => sum + count, 0) : tables.at(-1) ?? 0;
    const named = new RegExp(`§${section.replace('.', '\\.')}(?![.\\d]).*example`);
    expect(rows).toBeGreaterThan(3);
    expect(sources.filter((source) => named.test(source)).length).toBeGreaterThanOrEqual(rows);
  });
});
