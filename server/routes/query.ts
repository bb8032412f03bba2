/** The shapes of addresses, as the schemas of `schemas/http/primitives.ts` let them through. */
export interface PageQuery {
  after?: string;
  limit: number;
}
export interface SiteParams {
  siteId: string;
}
export interface SiteItemParams extends SiteParams {
  id: string;
}
export interface SubjectParams extends SiteParams {
  subjectId: string;
}
