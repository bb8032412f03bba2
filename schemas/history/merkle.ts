/** The Merkle tree of RFC 6962 § 2.1 over a list, one member after the other: memory is the height of the tree. */

export type Sha256 = (bytes: Uint8Array) => Uint8Array;

export interface MerkleTree {
  add(member: Uint8Array): void;
  /** Of all that were added; of none, the digest of nothing. */
  root(): Uint8Array;
}

export function createMerkleTree(sha256: Sha256): MerkleTree {
  /** Roots of whole subtrees, the greatest first, as the ones of `count` in binary. */
  const roots: Uint8Array[] = [];
  let count = 0;
  const node = (left: Uint8Array, right: Uint8Array): Uint8Array => {
    const bytes = new Uint8Array(65);
    bytes[0] = 1;
    bytes.set(left, 1);
    bytes.set(right, 33);
    return sha256(bytes);
  };
  return {
    add(member) {
      const leaf = new Uint8Array(member.length + 1);
      leaf.set(member, 1);
      let root = sha256(leaf);
      for (let rest = count; rest % 2 === 1; rest = (rest - 1) / 2) root = node(roots.pop() ?? root, root);
      roots.push(root);
      count += 1;
    },
    root: () => roots.toReversed().reduce<Uint8Array | undefined>((right, left) => (right ? node(left, right) : left), undefined) ?? sha256(new Uint8Array()),
  };
}
