/** What is measured, as the page sees it. */
export interface Engine {
  /** Everything that comes over the network; gives what then mounts the form. */
  load(name: string): Promise<(place: HTMLElement) => Promise<void>>;
  /** The first control of a field; null while it is not in the form. */
  find(name: string): HTMLElement | null;
}
