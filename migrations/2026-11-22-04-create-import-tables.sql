-- What a foreign table said, cell by cell, beside the records made of it: nothing of a source is lost because no data element fits it.
create table import_file (
  site_id uuid not null references site (id),
  id uuid not null,
  mapping text not null,           -- name/version
  mapping_sha256 text not null check (mapping_sha256 ~ '^[0-9a-f]{64}$'),
  file_sha256 text not null check (file_sha256 ~ '^[0-9a-f]{64}$'),
  columns jsonb not null,          -- their names, in the order of the file
  created_at timestamptz not null default clock_timestamp(),
  created_by uuid not null references account (id),
  primary key (site_id, id)
);

-- A row of a source, under an id made of the mapping's name and the row's key: the same row of a later file is its next version.
create table import_row (
  site_id uuid not null,
  id uuid not null,
  version integer not null check (version >= 1),
  import_file_id uuid not null,
  line integer not null,           -- line of the file, from 1
  subject_id uuid not null,
  visit_id uuid,
  contribution_id uuid not null,
  cells jsonb not null,            -- text by column, verbatim; columns that identify a person are not among them
  missing jsonb not null,          -- missing reason by column
  refused jsonb not null,          -- by column, why the cell did not become data
  digest text not null,            -- SHA-256 of the canonical text of what the row says and what became of it
  created_at timestamptz not null default clock_timestamp(),
  created_by uuid not null references account (id),
  primary key (site_id, id, version),
  foreign key (site_id, import_file_id) references import_file (site_id, id),
  foreign key (site_id, subject_id) references subject (site_id, id),
  foreign key (site_id, visit_id) references visit (site_id, id),
  foreign key (site_id, contribution_id) references contribution (site_id, id) deferrable initially deferred
);
create index import_row_file on import_row (site_id, import_file_id);
create index import_row_subject on import_row (site_id, subject_id);
create index import_row_visit on import_row (site_id, visit_id);
create index import_row_contribution on import_row (site_id, contribution_id);

do $$
declare t text;
begin
  foreach t in array array['import_file', 'import_row'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy by_site on %I using (site_id = any ((select current_sites())::uuid[])) with check (site_id = any ((select current_sites())::uuid[]))', t);
    execute format('grant select, insert on %I to xf_app', t);
    execute format('create trigger append_only before update or delete on %I for each row execute function refuse_change()', t);
    execute format('create trigger never_truncated before truncate on %I for each statement execute function refuse_change()', t);
  end loop;
end $$;
