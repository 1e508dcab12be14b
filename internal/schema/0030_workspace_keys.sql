-- The keys that what is written in workspaces is sealed with. Like those of
-- people, their content is left out of ordinary backups: see docs/backup.md.

-- +goose Up

set local role behalf_owner;

-- One key per workspace, from its first post on. A destroyed key leaves its row
-- behind: a request that was under way would make the workspace a new one.
create table persons.workspace_keys (
    workspace    uuid        primary key,
    wrapped      bytea       check (octet_length(wrapped) = 60), -- by a key derived from the master key
    created_at   timestamptz not null default clock_timestamp(),
    destroyed_at timestamptz,
    check ((wrapped is null) = (destroyed_at is not null))
) with (
    -- a destroyed key is to leave the table's pages soon, however few there are
    autovacuum_vacuum_threshold = 0,
    autovacuum_vacuum_scale_factor = 0
);
grant insert (workspace, wrapped) on persons.workspace_keys to behalf_api, behalf_engine;

-- Which workspaces were deleted, found without reading the log.
create index events_deleted on log.events (stream) where type = 'workspace.deleted.v1';

-- Destroys the keys of the workspaces that the log calls deleted, and answers
-- which had one left, or never had one. It is the only way to destroy such a
-- key. Doing it again changes nothing.
create function persons.destroy_workspaces() returns setof uuid
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
    insert into persons.workspace_keys as k (workspace, destroyed_at)
    select gone.workspace, clock_timestamp()
    from (
        select substr(e.stream, 11)::uuid as workspace
        from log.events as e
        where e.type = 'workspace.deleted.v1'
    ) as gone
    where not exists (
        select
        from persons.workspace_keys as held
        where held.workspace = gone.workspace
        and held.wrapped is null
    )
    order by gone.workspace
    on conflict (workspace) do update
    set wrapped = null,
        destroyed_at = excluded.destroyed_at
    where k.wrapped is not null
    returning workspace
$$;
revoke execute on function persons.destroy_workspaces from public;
grant execute on function persons.destroy_workspaces to behalf_api, behalf_engine;

reset role;

-- +goose Down

drop function persons.destroy_workspaces;
drop table persons.workspace_keys;
drop index log.events_deleted;
