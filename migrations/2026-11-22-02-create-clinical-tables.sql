-- Everything about a patient. Each primary and foreign key begins with site_id, so the tables shard by site. A primary key is
-- added after the other indexes of its table: while a table has no statistics all of them look equally cheap, the planner takes
-- the newest, and a prepared look-up by id must not be planned as a walk through a whole site.
create table subject (
  site_id uuid not null references site (id),
  id uuid not null,
  study_number text not null,
  sex text,
  birth_date text,           -- civil or partial date, never shifted by a zone
  created_at timestamptz not null default clock_timestamp(),
  created_by uuid not null references account (id),
  unique (site_id, study_number)
);
alter table subject add primary key (site_id, id);

-- Direct identifiers, one row a field, AES-256-GCM with a key of the site; key_id names the key.
create table subject_identifier (
  site_id uuid not null,
  subject_id uuid not null,
  key text not null,
  key_id text not null,
  ciphertext bytea not null,
  primary key (site_id, subject_id, key),
  foreign key (site_id, subject_id) references subject (site_id, id)
);

-- HMAC of a normalised identifier: exact look-up without the identifier.
create table subject_blind_index (
  site_id uuid not null,
  kind text not null,
  digest bytea not null,
  subject_id uuid not null,
  primary key (site_id, kind, digest, subject_id),
  foreign key (site_id, subject_id) references subject (site_id, id)
);
create index subject_blind_index_subject on subject_blind_index (site_id, subject_id);

create table visit (
  site_id uuid not null,
  id uuid not null,
  subject_id uuid not null,
  kind text not null check (kind in ('baseline', 'follow-up', 'treatment', 'operation', 'unplanned')),
  visit_date text not null,
  created_at timestamptz not null default clock_timestamp(),
  created_by uuid not null references account (id),
  foreign key (site_id, subject_id) references subject (site_id, id)
);
create index visit_subject on visit (site_id, subject_id, visit_date, id);
alter table visit add primary key (site_id, id);

create table lesion (
  site_id uuid not null,
  id uuid not null,
  subject_id uuid not null,
  ordinal integer not null check (ordinal between 1 and 999),
  label text not null,       -- where on the body, in words
  created_at timestamptz not null default clock_timestamp(),
  created_by uuid not null references account (id),
  unique (site_id, subject_id, ordinal),
  foreign key (site_id, subject_id) references subject (site_id, id)
);
alter table lesion add primary key (site_id, id);

create table specimen (
  site_id uuid not null,
  id uuid not null,
  subject_id uuid not null,
  lesion_id uuid,
  code text not null,
  created_at timestamptz not null default clock_timestamp(),
  created_by uuid not null references account (id),
  unique (site_id, code),
  foreign key (site_id, subject_id) references subject (site_id, id),
  foreign key (site_id, lesion_id) references lesion (site_id, id)
);
create index specimen_subject on specimen (site_id, subject_id);
create index specimen_lesion on specimen (site_id, lesion_id) where lesion_id is not null;
alter table specimen add primary key (site_id, id);

create table image (
  site_id uuid not null,
  id uuid not null,
  subject_id uuid not null,
  lesion_id uuid,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  thumbnail_sha256 text not null check (thumbnail_sha256 ~ '^[0-9a-f]{64}$'),
  media_type text not null check (media_type in ('image/jpeg', 'image/png', 'image/webp', 'image/tiff', 'image/heic')),
  width integer not null,
  height integer not null,
  bytes bigint not null,
  metadata jsonb not null default '{}',   -- what the allow-list keeps of the file's own metadata
  created_at timestamptz not null default clock_timestamp(),
  created_by uuid not null references account (id),
  foreign key (site_id, subject_id) references subject (site_id, id),
  foreign key (site_id, lesion_id) references lesion (site_id, id)
);
create index image_subject on image (site_id, subject_id, id);
create index image_lesion on image (site_id, lesion_id) where lesion_id is not null;
create index image_sha256 on image (site_id, sha256);
alter table image add primary key (site_id, id);

-- One act that saved something; its id comes from the client, so sending it twice stores it once. What every save inserts names
-- site and account without a foreign key: all who save at once would lock the same two rows, and neither is ever deleted.
create table contribution (
  site_id uuid not null,
  id uuid not null,
  kind text not null,
  request_digest bytea not null,
  response jsonb not null,
  reason text,
  created_at timestamptz not null default clock_timestamp(),
  created_by uuid not null,
  primary key (site_id, id)
);

-- Which version is current. The values are in record_version.
create table record (
  site_id uuid not null,
  id uuid not null,
  subject_id uuid not null,
  visit_id uuid,
  lesion_id uuid,
  sub_dataset text not null,
  standard_version text not null,
  status text not null check (status in ('in-progress', 'complete', 'signed', 'locked')),
  version integer not null check (version >= 1),
  created_at timestamptz not null default clock_timestamp(),
  created_by uuid not null,
  updated_at timestamptz not null default clock_timestamp(),
  foreign key (site_id, subject_id) references subject (site_id, id),
  foreign key (site_id, visit_id) references visit (site_id, id),
  foreign key (site_id, lesion_id) references lesion (site_id, id)
);
create index record_subject on record (site_id, subject_id, sub_dataset, id);
create index record_visit on record (site_id, visit_id) where visit_id is not null;
create index record_lesion on record (site_id, lesion_id) where lesion_id is not null;
create index record_export on record (site_id, sub_dataset, id);
alter table record add primary key (site_id, id);

create table record_version (
  site_id uuid not null,
  record_id uuid not null,
  version integer not null,
  contribution_id uuid not null,
  standard_version text not null,
  status text not null,
  data jsonb not null,
  missing jsonb not null,
  parked jsonb not null,
  disabled jsonb not null default '[]',   -- pointers that logic had switched off, so that an export can tell them from those left empty
  hard_findings integer not null,
  soft_findings integer not null,
  origin jsonb,              -- how it was made when not typed: import (file digest, row) or classification (model, scores, …)
  digest text not null,      -- SHA-256 of the canonical text of {data, missing, parked}
  created_at timestamptz not null default clock_timestamp(),
  created_by uuid not null,
  foreign key (site_id, record_id) references record (site_id, id) deferrable initially deferred,
  foreign key (site_id, contribution_id) references contribution (site_id, id) deferrable initially deferred
);
create index record_version_contribution on record_version (site_id, contribution_id);
alter table record_version add primary key (site_id, record_id, version);

-- Append-only: who did what to which thing; changed pointers by name, never values.
create table audit_event (
  site_id uuid not null,
  id uuid not null,
  at timestamptz not null default clock_timestamp(),
  account_id uuid not null,
  action text not null,
  entity text not null,
  entity_id uuid not null,
  contribution_id uuid,
  detail jsonb not null default '{}',
  primary key (site_id, id)
);
create index audit_event_entity on audit_event (site_id, entity, entity_id, id);
