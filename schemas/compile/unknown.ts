/** Names the versions that are there, for a reference to one that is not. */

/** `; there is laterality/1.0.0`, or nothing when no version is known. A reference is `<name>/<semver>`, with or without `.json`. */
export function versionsBeside(ref: string, known: readonly string[]): string {
  const name = ref.slice(0, ref.lastIndexOf('/') + 1);
  const versions = name === '' ? [] : known.filter((other) => other.startsWith(name));
  return versions.length === 0 ? '' : `; there is ${versions.map((other) => other.slice(other.lastIndexOf('/', name.length - 2) + 1).replace(/\.json$/, '')).join(', ')}`;
}
