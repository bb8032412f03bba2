/** What the page of the form bench offers to the program that presses its keys. */
export interface Mounted {
  /** Milliseconds from the call to the painted frame in which the last field stands in the form and the first can be typed in. */
  mount: number;
  nodes: number;
}

export interface Pressed {
  /** Milliseconds from the key to the painted frame after its input event. */
  paint: number;
  /** The same until the other field has come or gone. */
  flip: number | undefined;
}

export interface FormBench {
  ready: Promise<void>;
  mount(first: string, last: string): Promise<Mounted>;
  focus(name: string): boolean;
  /** The times of the next key, in `pressed`. */
  arm(dependent: string | undefined): void;
  pressed: Promise<Pressed>;
}
