/** The process in which pictures are decoded: what a file does to a decoder, it does to this one alone. Asked by `picture-reader.ts`. */
import { readFile, writeFile } from 'node:fs/promises';
import { Problem } from '../../schemas/problem.ts';
import type { Outcome, Question } from './picture-reader.ts';
import { readPicture } from './picture.ts';

async function read({ from, to }: Question): Promise<Outcome> {
  try {
    const { parts, ...picture } = await readPicture(await readFile(from));
    await writeFile(to, parts, { mode: 0o600, flag: 'wx' });
    return { picture };
  } catch (error) {
    if (error instanceof Problem) return { refused: { key: error.key, errors: error.errors ?? [] } };
    return { failed: String(Object(error).code ?? (error instanceof Error ? error.name : '')) };
  }
}

process.on('message', (question: Question) => void read(question).then((outcome) => process.send?.({ id: question.id, ...outcome })));
// The server has gone.
process.on('disconnect', () => process.exit());
