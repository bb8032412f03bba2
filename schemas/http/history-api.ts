/** What is known of who saw what. */

// GET /api/sites/:siteId/subjects/:id/accesses?after&limit → Page<Access>, newest first   (needs audit:read)
export interface Access {
  id: string;
  at: string;
  /** Name of the person; absent for the command line. */
  by?: string;
  accountId: string;
  /** `subject.read-identifiers`, `visit.read-details`, `image.read`, `subject.search`; `export.run` is an export of the whole hospital's patients, this one perhaps among them. */
  action: string;
  /** Names of what was told, never values. */
  paths?: string[];
  /** `chrome/android/tablet` */
  agent?: string;
  offline?: true;
}
