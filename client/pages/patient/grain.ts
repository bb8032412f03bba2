/** The grain of a standard (`per`) decides what a new form is asked to name. */

/** What a form of this grain must name, what it may, and what it has no use for. */
export function grainOf(per: string): { lesion: 'must' | 'may' | 'none'; visit: 'must' | 'may' | 'none' } {
  if (per === 'subject') return { lesion: 'none', visit: 'none' };
  if (per === 'visit') return { lesion: 'none', visit: 'must' };
  return { lesion: per === 'lesion' ? 'must' : 'may', visit: 'may' };
}
