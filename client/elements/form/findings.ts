/** The findings in the order of the screen: as a list, and as a way that goes round. */
import type { Finding, Pointer } from '../../../schemas/form.ts';
import type { FormState } from '../../controllers/form-state.ts';
import { words } from '../../text/index.ts';
import type { Language, Word } from '../../text/index.ts';
import type { Listed } from './foot.ts';
import { titleOf } from './views.ts';

/** What is due to be shown, then what is only unanswered as yet. */
export function listFindings(state: FormState, language: Language): Listed[] {
  const t = words(language);
  const listed = inOrder(state, [...new Set([...state.pointersWithFindings(), ...state.unansweredPointers()])]).flatMap((pointer): Listed[] => {
    const name = titleOf(state, pointer, language);
    const unread = state.unread(pointer);
    const due = state.findings(pointer);
    const isOpen = state.unansweredPointers().includes(pointer) && !due.some(({ rule }) => rule === 'required');
    return [
      ...(unread === undefined ? [] : [{ pointer, name, severity: 'hard' as const, text: t(`unread.${unread}` as Word) }]),
      ...due.map(({ severity, message }) => ({ pointer, name, severity, text: message[language] })),
      ...(isOpen ? [{ pointer, name, severity: 'open' as const, text: t('finding.open') }] : []),
    ];
  });
  return listed.toSorted((a, b) => Number(a.severity === 'open') - Number(b.severity === 'open'));
}

/** The next (or previous) place after `from`, round the end; of those that pass, when a test is given. Unanswered ones only where nothing else is left. */
export function nextFinding(state: FormState, from: Pointer | undefined, by: 1 | -1, passes: (finding: Pick<Finding, 'severity'>) => boolean = () => true): Pointer | undefined {
  const due = state.pointersWithFindings().filter((pointer) => state.unread(pointer) !== undefined || state.findings(pointer).some(passes));
  const places = inOrder(state, due.length > 0 ? due : state.unansweredPointers());
  if (places.length === 0) return undefined;
  if (from === undefined) return by === 1 ? places[0] : places.at(-1);
  const order = orderOf(state);
  const beyond = by === 1 ? places.find((place) => order(place) > order(from)) : places.findLast((place) => order(place) < order(from));
  return beyond ?? (by === 1 ? places[0] : places.at(-1));
}

/** Sections with something to correct that is on the screen already. */
export function troubledSections(state: FormState): ReadonlySet<number> {
  const troubled = new Set<number>();
  for (const pointer of state.pointersWithFindings()) {
    const section = state.progress.sectionOf(pointer);
    if (section !== undefined && (state.unread(pointer) !== undefined || state.findings(pointer).some(({ severity }) => severity === 'hard'))) troubled.add(section);
  }
  return troubled;
}

function inOrder(state: FormState, pointers: readonly Pointer[]): Pointer[] {
  const order = orderOf(state);
  return pointers.toSorted((a, b) => order(a) - order(b));
}

/** A number that grows down the screen: the item's place in the layout, then its row, then its column. */
function orderOf(state: FormState): (pointer: Pointer) => number {
  const places = new Map(state.prepared.form.sections.flatMap(({ items }) => items).map((path, index) => [path, index]));
  return (pointer) => {
    const [key = '', rowId, column] = pointer.split('/').slice(1);
    const place = places.get(key) ?? places.size;
    if (rowId === undefined) return place;
    const row = state.rows(`/${key}`).findIndex((each) => each.rowId === rowId);
    const columns = state.prepared.item(key)?.items ?? [];
    return place + (row + 1) / 1000 + (columns.findIndex((item) => item.key === column) + 1) / 1e6;
  };
}
