/** One download of a cohort: streamed in, counted while it comes, handed to the browser as a file when it is whole. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { ExportRequest } from '../../schemas/http/api.ts';
import { runExport } from '../api.ts';
import { ConnectionError } from '../request.ts';

export class DownloadController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #running: AbortController | undefined;
  bytes = 0;
  error: unknown;
  /** Of the file, once it is whole. */
  name: string | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#running?.abort();
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  async start(request: ExportRequest): Promise<void> {
    const running = (this.#running = new AbortController());
    this.bytes = 0;
    this.error = this.name = undefined;
    this.#host.requestUpdate();
    try {
      const response = await runExport(request, running.signal);
      const file = await this.#collect(response);
      this.name = nameIn(response.headers.get('Content-Disposition')) ?? `export-${request.release}.zip`;
      handOver(file, this.name);
    } catch (error) {
      if (!running.signal.aborted) this.error = error;
    } finally {
      this.#running = undefined;
      this.#host.requestUpdate();
    }
  }

  cancel(): void {
    this.#running?.abort();
  }

  async #collect(response: Response): Promise<Blob> {
    const parts: BlobPart[] = [];
    const reader = response.body?.getReader();
    try {
      for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
        parts.push(part.value as BlobPart);
        this.bytes += part.value.byteLength;
        this.#host.requestUpdate();
      }
    } catch (error) {
      if (this.#running?.signal.aborted) throw error;
      throw new ConnectionError(); // cut off in the middle: a part of a cohort is no cohort
    }
    return new Blob(parts, { type: 'application/zip' });
  }
}

const nameIn = (disposition: string | null) => /filename="?([^";]+)"?/.exec(disposition ?? '')?.[1];

function handOver(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
