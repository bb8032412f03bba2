-- Row-level security by site, and history that only grows.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = '55000', constraint = 'append_only';
end $$;

-- The sites of the present transaction: `set local xf.sites = 'uuid,uuid'`. Nothing set means no site.
create function current_sites() returns uuid[] language sql stable parallel safe as
  $$ select coalesce(string_to_array(nullif(current_setting('xf.sites', true), ''), ',')::uuid[], '{}') $$;

do $$
declare t text;
begin
  foreach t in array array['subject', 'subject_identifier', 'subject_blind_index', 'visit', 'lesion', 'specimen', 'image',
                           'contribution', 'record', 'record_version', 'audit_event'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy by_site on %I using (site_id = any ((select current_sites())::uuid[])) with check (site_id = any ((select current_sites())::uuid[]))', t);
    execute format('grant select, insert on %I to xf_app', t);
  end loop;
  foreach t in array array['record_version', 'audit_event', 'contribution', 'security_event'] loop
    execute format('create trigger append_only before update or delete on %I for each row execute function refuse_change()', t);
    execute format('create trigger never_truncated before truncate on %I for each statement execute function refuse_change()', t);
  end loop;
end $$;

grant update on subject, subject_identifier, visit, lesion, specimen, record to xf_app;
grant delete on subject_identifier, subject_blind_index to xf_app;
grant select, insert, update on site, account, membership, session, sign_in_attempt, setup_token to xf_app;
grant delete on membership, session, sign_in_attempt to xf_app;
grant select, insert on security_event to xf_app;
