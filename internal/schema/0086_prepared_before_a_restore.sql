-- What was prepared on a network before a database was restored may have gone out
-- since, whatever the log says of its target (R69): it is marked in the moment in
-- which the quarantine begins, so that no clock decides.

-- +goose Up

alter table workers.prepared add column doubted boolean not null default false;

set local role behalf_owner;

update workers.prepared
set doubted = true
where exists (select from log.quarantines);

-- +goose StatementBegin
create or replace function log.hold(why text, comment text, reaches timestamptz, who uuid) returns uuid
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    one uuid;
begin
    update log.quarantines
    set reason = why, note = comment, since = least(since, reaches), begun_at = clock_timestamp(), begun_by = who,
        position = (select coalesce(max(e.position), 0) from log.events as e), forfeited_at = null, forfeited_by = null
    where ended_at is null
    returning id into one;
    if one is null then
        insert into log.quarantines (reason, note, since, begun_by, position)
        select why, comment, reaches, who, coalesce(max(e.position), 0)
        from log.events as e
        returning id into one;
    else
        delete from log.reconsidered where quarantine_id = one;
    end if;
    update workers.prepared set doubted = true where not doubted;
    update log.lineage set held = true;
    return one;
end
$$;
-- +goose StatementEnd

reset role;

-- +goose Down

-- +goose StatementBegin
create or replace function log.hold(why text, comment text, reaches timestamptz, who uuid) returns uuid
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    one uuid;
begin
    update log.quarantines
    set reason = why, note = comment, since = least(since, reaches), begun_at = clock_timestamp(), begun_by = who,
        position = (select coalesce(max(e.position), 0) from log.events as e), forfeited_at = null, forfeited_by = null
    where ended_at is null
    returning id into one;
    if one is null then
        insert into log.quarantines (reason, note, since, begun_by, position)
        select why, comment, reaches, who, coalesce(max(e.position), 0)
        from log.events as e
        returning id into one;
    else
        delete from log.reconsidered where quarantine_id = one;
    end if;
    update log.lineage set held = true;
    return one;
end
$$;
-- +goose StatementEnd

alter table workers.prepared drop column doubted;
