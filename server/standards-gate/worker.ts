/** The thread behind the gate: knows the standards of a folder, and says what is wrong with one document more. */
import { parentPort, workerData } from 'node:worker_threads';
import { documentsIn, registryOfDocuments } from '../standards.ts';
import { documentMistakes } from './check.ts';

export interface Question {
  text: string;
}
export interface Answer {
  mistakes: readonly { pointer: string; detail: string }[];
}

const documents = await documentsIn(String(workerData));
const known = { documents, registry: registryOfDocuments(documents) };

parentPort?.on('message', ({ text }: Question) => parentPort?.postMessage({ mistakes: documentMistakes(text, known) } satisfies Answer));
parentPort?.postMessage('ready');
