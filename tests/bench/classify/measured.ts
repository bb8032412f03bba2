/** What the page of the classifier bench gives back; milliseconds. */
export interface Classified {
  runtime: string;
  model: string;
  /** From making the worker to the model being ready. */
  load: number;
  /** From handing over a frame to its answer: what a person waits. */
  frame: number[];
  /** Of these, inside the worker: pixels, quality, model, decision. */
  inWorker: number[];
}

export interface ClassifyBench {
  run(folder: string, frames: number): Promise<Classified>;
}
