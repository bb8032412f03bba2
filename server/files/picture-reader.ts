/** Pictures are decoded in a process of their own, two at a time; one that a picture killed or holds up is replaced by another. */
import { fork, type ChildProcess } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { fail, Problem, type FieldError, type ProblemName } from '../../schemas/problem.ts';
import { createGate } from '../services/gate.ts';
import type { Picture } from './picture.ts';

export interface Question {
  id: number;
  /** The file as it came, and where to write what is kept of it. */
  from: string;
  to: string;
}
export type Outcome = { picture: Omit<Picture, 'parts'> } | { refused: { key: ProblemName; errors: readonly FieldError[] } } | { failed: string };

/** Where the kept bytes lie, until `discard`. */
export interface ReadPicture extends Omit<Picture, 'parts'> {
  path: string;
  discard(): Promise<void>;
}

const places = 2;
const mostMs = 45_000;
/** A process is not kept for ever, so that what a decoder forgets to give back comes back. */
const mostPictures = 200;
const program = fileURLToPath(new URL('./picture-process.ts', import.meta.url));

interface Decoder {
  child: ChildProcess;
  pictures: number;
}

const gate = createGate(places);
const idle: Decoder[] = [];
let last = 0;

/** @throws Problem `image-type-refused`, `image-unreadable` */
export function readPictureFile(from: string): Promise<ReadPicture> {
  return gate(async () => {
    const decoder = idle.pop() ?? start();
    const to = `${from}.kept`;
    const discard = () => rm(to, { force: true });
    const outcome = await ask(decoder, { id: (last += 1), from, to });
    if (outcome !== undefined && (decoder.pictures += 1) < mostPictures) idle.push(decoder);
    else decoder.child.kill('SIGKILL');
    if (outcome && 'picture' in outcome) return { ...outcome.picture, path: to, discard };
    await discard();
    if (outcome === undefined) fail('image-unreadable', [{ pointer: '/file', detail: 'The picture could not be decoded' }]);
    if ('refused' in outcome) throw new Problem(outcome.refused.key, outcome.refused.errors);
    throw Object.assign(new Error('A picture could not be read'), { code: outcome.failed });
  });
}

/** Loading a decoder takes longer than decoding, so one is ready before the first picture comes. */
export function warmPictures(): void {
  if (idle.length === 0) idle.push(start());
}

function start(): Decoder {
  const child = fork(program, { execArgv: ['--max-old-space-size=256'], serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'], env: { PATH: process.env['PATH'] } });
  // An idle decoder keeps nobody alive, and goes with the server.
  child.on('error', () => {});
  child.unref();
  child.channel?.unref();
  child.once('exit', () => {
    const at = idle.findIndex((each) => each.child === child);
    if (at >= 0) idle.splice(at, 1);
  });
  return { child, pictures: 0 };
}

/** Undefined when the process died of it, or did not come to an end. */
async function ask({ child }: Decoder, question: Question): Promise<Outcome | undefined> {
  let timer: NodeJS.Timeout | undefined;
  let over = () => {};
  child.ref();
  child.channel?.ref();
  try {
    return await new Promise<Outcome | undefined>((resolve) => {
      timer = setTimeout(resolve, mostMs, undefined);
      over = () => resolve(undefined);
      child.on('message', (answer: Outcome & { id: number }) => answer.id === question.id && resolve(answer));
      child.once('exit', over).once('error', over);
      child.send(question, (error) => error && over());
    });
  } finally {
    clearTimeout(timer);
    child.removeAllListeners('message').off('exit', over).off('error', over);
    child.unref();
    child.channel?.unref();
  }
}
