/** Chunks of any length → blocks of one size, so that what works on them is called seldom, and the same way each time. */
export async function* inBlocks(chunks: AsyncIterable<Uint8Array>, size = 65_536): AsyncIterable<Uint8Array> {
  let block = Buffer.allocUnsafe(size);
  let length = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length;) {
      const taken = Math.min(size - length, chunk.length - at);
      block.set(chunk.subarray(at, at + taken), length);
      [at, length] = [at + taken, length + taken];
      if (length === size) {
        yield block;
        [block, length] = [Buffer.allocUnsafe(size), 0];
      }
    }
  }
  if (length > 0) yield block.subarray(0, length);
}
