/** What the page of the codes bench offers to the program that asks. */
export interface CodesBench {
  /** Milliseconds until the device has the list that the server sent. */
  download(): Promise<number>;
  /** Milliseconds from nothing (a new worker, the list on the device) to the answer. */
  first(query: string): Promise<number>;
  /** The same for a key half a second after the form was drawn, which has the list made ready. */
  firstAfterLoad(query: string): Promise<number>;
  search(query: string): Promise<{ ms: number; found: number }>;
  /** Looking through the list on the page's own thread. */
  filter(query: string): number;
}
