/** What typed text says: a value, nothing (`value` undefined), or that it cannot be read and must not be guessed at. */
export type Reading<T> = { value: T | undefined } | { unread: Unread };

/** Why a text could not be read; each has its sentence in the catalogue under `unread.`. */
export type Unread = 'number' | 'integer' | 'digits' | 'date' | 'partial-date' | 'time' | 'date-time';

export const isRead = <T>(reading: Reading<T>): reading is { value: T | undefined } => 'value' in reading;
