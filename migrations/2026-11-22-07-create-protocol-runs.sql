-- Runs of a protocol of taking samples: one patient, one visit, mostly one lesion. What is done in a run is in ordinary records.
create table protocol_run (
  site_id uuid not null,
  id uuid not null,
  subject_id uuid not null,
  visit_id uuid not null,
  lesion_id uuid,
  protocol text not null,
  protocol_version text not null,
  status text not null default 'running' check (status in ('running', 'finished', 'abandoned')),
  closed_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  created_by uuid not null references account (id),
  foreign key (site_id, subject_id) references subject (site_id, id),
  foreign key (site_id, visit_id) references visit (site_id, id),
  foreign key (site_id, lesion_id) references lesion (site_id, id),
  check ((status = 'running') = (closed_at is null))
);
create unique index protocol_run_once on protocol_run (site_id, visit_id, protocol, coalesce(lesion_id, '00000000-0000-0000-0000-000000000000')) where status <> 'abandoned';
create index protocol_run_subject on protocol_run (site_id, subject_id, id);
create index protocol_run_visit on protocol_run (site_id, visit_id);
create index protocol_run_lesion on protocol_run (site_id, lesion_id) where lesion_id is not null;
alter table protocol_run add primary key (site_id, id);

-- Which records are of a run, and of which step of it; pictures are of no step. A record belongs to one run.
create table protocol_record (
  site_id uuid not null,
  record_id uuid not null,
  run_id uuid not null,
  step text,
  created_at timestamptz not null default clock_timestamp(),
  created_by uuid not null references account (id),
  primary key (site_id, record_id),
  foreign key (site_id, record_id) references record (site_id, id) deferrable initially deferred,
  foreign key (site_id, run_id) references protocol_run (site_id, id)
);
create index protocol_record_run on protocol_record (site_id, run_id);

-- Which aliquots a run has named, and of which record; the code is that of the specimen.
create table protocol_aliquot (
  site_id uuid not null,
  specimen_id uuid not null,
  run_id uuid not null,
  record_id uuid not null,
  kind text not null,
  created_at timestamptz not null default clock_timestamp(),
  created_by uuid not null references account (id),
  primary key (site_id, specimen_id),
  foreign key (site_id, specimen_id) references specimen (site_id, id),
  foreign key (site_id, run_id) references protocol_run (site_id, id),
  foreign key (site_id, record_id) references record (site_id, id)
);
create index protocol_aliquot_run on protocol_aliquot (site_id, run_id);
create index protocol_aliquot_record on protocol_aliquot (site_id, record_id);

-- What happened in a run beside its records: steps called complete or left out, deviations and their reasons, the end. Append-only.
create table protocol_event (
  site_id uuid not null,
  id uuid not null,
  run_id uuid not null,
  kind text not null check (kind in ('step-completed', 'step-skipped', 'deviation', 'deviation-explained', 'finished', 'abandoned')),
  step text,
  key text,                  -- of a deviation: the same for the same one, so that it is recorded once
  detail jsonb not null default '{}',
  reason text,
  at timestamptz not null default clock_timestamp(),
  created_by uuid not null references account (id),
  primary key (site_id, id),
  foreign key (site_id, run_id) references protocol_run (site_id, id)
);
create index protocol_event_run on protocol_event (site_id, run_id, id);
create unique index protocol_event_deviation on protocol_event (site_id, run_id, key) where kind = 'deviation';

do $$
declare t text;
begin
  foreach t in array array['protocol_run', 'protocol_record', 'protocol_aliquot', 'protocol_event'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy by_site on %I using (site_id = any ((select current_sites())::uuid[])) with check (site_id = any ((select current_sites())::uuid[]))', t);
    execute format('grant select, insert on %I to xf_app', t);
  end loop;
  foreach t in array array['protocol_record', 'protocol_aliquot', 'protocol_event'] loop
    execute format('create trigger append_only before update or delete on %I for each row execute function refuse_change()', t);
    execute format('create trigger never_truncated before truncate on %I for each statement execute function refuse_change()', t);
  end loop;
end $$;
grant update on protocol_run to xf_app;
