-- History that can be checked: versions of a record are a chain of digests, every event has a digest, and anchors, signed and chained to
-- each other, cover them. How the digests are made: schemas/history/texts.ts. Rows from before have
-- empty ones, and an anchor takes them as they are. Not null instead of a check, which would be prepared anew for each statement: a tenth of a save.
alter table record_version add column chain bytea not null default '';
alter table record_version alter column chain drop default;

-- device: what the device says of itself, of its clock, and whether it was offline. subject_id: whose identified data somebody came to know.
alter table audit_event add column subject_id uuid;
alter table audit_event add column device jsonb;
alter table audit_event add column digest bytea not null default '';
alter table audit_event alter column digest drop default;
create index audit_event_access on audit_event (site_id, subject_id, id) where subject_id is not null;

alter table security_event add column device jsonb;
alter table security_event add column digest bytea not null default '';
alter table security_event alter column digest drop default;

-- A ledger is that of a site; the security events of the network, which are of no site, have the nil UUID.
create table history_anchor (
  site_id uuid not null,
  number integer not null check (number >= 1),
  statement text not null,         -- canonical JSON, as it was signed
  digest bytea not null,           -- SHA-256 of it; the next statement names it
  signature bytea not null,        -- Ed25519
  members bytea not null,          -- 48 bytes an event: its id, its digest
  first_id uuid not null,          -- the least of them
  created_at timestamptz not null default clock_timestamp(),
  primary key (site_id, number)
);
create index history_anchor_first on history_anchor (site_id, first_id);

alter table history_anchor enable row level security;
alter table history_anchor force row level security;
create policy by_site on history_anchor using (site_id = any ((select current_sites())::uuid[])) with check (site_id = any ((select current_sites())::uuid[]));
create trigger append_only before update or delete on history_anchor for each row execute function refuse_change();
create trigger never_truncated before truncate on history_anchor for each statement execute function refuse_change();
grant select, insert on history_anchor to xf_app;

-- The digest of an event from before, with the contribution and the version that came with it.
create function former_digest(site uuid, event uuid) returns bytea language sql stable as $$
  select sha256(convert_to(jsonb_build_array(
    e.site_id, e.id, extract(epoch from e.at)::text, e.account_id, e.action, e.entity, e.entity_id, e.contribution_id, e.detail,
    c.kind, encode(c.request_digest, 'hex'), c.response, c.reason, extract(epoch from c.created_at)::text, c.created_by,
    v.record_id, v.version, v.standard_version, v.status, v.digest, v.disabled, v.hard_findings, v.soft_findings, v.origin, extract(epoch from v.created_at)::text, v.created_by)::text, 'UTF8'))
  from audit_event e
  left join contribution c on c.site_id = e.site_id and c.id = e.contribution_id
  left join record_version v on v.site_id = c.site_id and v.contribution_id = c.id
  where e.site_id = site and e.id = event
$$;
create function former_digest(event uuid) returns bytea language sql stable as $$
  select sha256(convert_to(jsonb_build_array(e.id, extract(epoch from e.at)::text, e.account_id, e.action, e.detail)::text, 'UTF8')) from security_event e where e.id = event
$$;
