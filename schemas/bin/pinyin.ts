/**
 * Fills the pinyin initials that the value sets lack, in place: `node schemas/bin/pinyin.ts [--check]`.
 * What is there stays, so that a wrong reading can be corrected by hand. With `--check` nothing is written, and a gap fails.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ValueSetDocument } from '../documents.ts';
import { createInitials, type PinyinWords } from '../pinyin/initials.ts';

const standards = fileURLToPath(new URL('../../standards', import.meta.url));
const { words } = JSON.parse(readFileSync(join(standards, 'pinyin-words.json'), 'utf8')) as { words: PinyinWords };
const initialsOf = createInitials(words);
const isCheck = process.argv.includes('--check');
const ENGLISH = /"en": "(?:[^"\\]|\\.)*"/g;

/** The document's text with `pinyin` after the English of each code that lacks it; the layout is kept. */
function fill(text: string): { text: string; filled: number } {
  const { codes } = JSON.parse(text) as ValueSetDocument;
  const start = text.indexOf('"codes":');
  let [at, filled] = [-1, 0];
  const rest = text.slice(start).replace(ENGLISH, (english) => {
    const code = codes[++at];
    const initials = code && code.pinyin === undefined ? initialsOf(code.zh) : '';
    if (initials === '') return english;
    filled++;
    return `${english}, "pinyin": "${initials}"`;
  });
  if (at + 1 !== codes.length) throw new Error('A code has no "en" of its own');
  return { text: text.slice(0, start) + rest, filled };
}

let filled = 0;
for (const file of readdirSync(join(standards, 'value-sets'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'))) {
  const path = join(standards, 'value-sets', file);
  const result = fill(readFileSync(path, 'utf8'));
  filled += result.filled;
  if (result.filled > 0 && !isCheck) writeFileSync(path, result.text);
  if (result.filled > 0 && isCheck) console.log(`value-sets/${file.replaceAll('\\', '/')} lacks the pinyin of ${result.filled} codes`);
}
console.log(isCheck ? `${filled} codes lack their pinyin` : `Filled the pinyin of ${filled} codes`);
if (isCheck && filled > 0) process.exitCode = 1;
