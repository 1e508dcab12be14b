-- The keys that people's addresses, names and client addresses are sealed with
-- (R66). Ordinary backups leave out the content of persons.keys, which is backed
-- up on its own with short retention: see docs/backup.md.

-- +goose Up

create schema persons authorization behalf_owner;
grant usage on schema persons to behalf_api, behalf_engine;
set local role behalf_owner;

-- One key per person, from the first invitation on. A destroyed key leaves its
-- row behind, so that no new one is ever made for that person: a request that
-- was under way when they were erased would write about them again.
create table persons.keys (
    person       uuid        primary key,
    wrapped      bytea       check (octet_length(wrapped) = 60), -- by a key derived from the master key
    created_at   timestamptz not null default clock_timestamp(),
    destroyed_at timestamptz,
    check ((wrapped is null) = (destroyed_at is not null))
) with (
    -- a destroyed key is to leave the table's pages soon, however few there are
    autovacuum_vacuum_threshold = 0,
    autovacuum_vacuum_scale_factor = 0
);
grant select, insert (person, wrapped) on persons.keys to behalf_api, behalf_engine;

-- The newest event there is, for roles that see only their own.
create function log.head() returns bigint
language sql stable security definer
set search_path = pg_catalog, pg_temp
return (
    select coalesce(max(position), 0)
    from log.events
);
revoke execute on function log.head from public;
grant execute on function log.head to behalf_api, behalf_engine;

-- Who was erased, found without reading the log.
create index events_erased on log.events (stream) where type = 'user.erased.v1';

-- Whom is something left of? The log says who was erased. A destroyed key says
-- it too: the log of a restored database may be older than that.
create view persons.due as
select gone.person
from (
    select substr(e.stream, 6)::uuid as person
    from log.events as e
    where e.type = 'user.erased.v1'
    union
    select k.person
    from persons.keys as k
    where k.wrapped is null
) as gone
where not exists (select from persons.keys as k where k.person = gone.person and k.wrapped is null)
    or exists (select from signin.people as p where p.person = gone.person)
    or exists (select from vault.connections as c where c.holder_id = gone.person)
    or exists (select from vault.grants as g where g.user_id = gone.person)
    or exists (select from vault.authorizations as a where a.user_id = gone.person);
grant select on persons.due to behalf_engine;
create index connections_of_holder on vault.connections (holder_id);

-- Destroys what is left of everybody who is due, and answers who that was. It
-- is the only way to destroy a key, and does it to nobody whom the log does not
-- call erased. All at once or nothing; doing it again changes nothing.
-- +goose StatementBegin
create function persons.erase() returns setof uuid
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    gone uuid[];
begin
    select array_agg(d.person)
    into gone
    from persons.due as d;
    if gone is null then
        return;
    end if;
    insert into persons.keys as k (person, destroyed_at)
    select g.person, clock_timestamp()
    from unnest(gone) as g (person)
    order by g.person
    on conflict (person) do update
    set wrapped = null,
        destroyed_at = excluded.destroyed_at
    where k.wrapped is not null;
    delete from signin.people -- their password, sessions and tokens go with it
    where person = any (gone);
    delete from vault.connections
    where holder_id = any (gone);
    delete from vault.grants
    where user_id = any (gone);
    delete from vault.authorizations
    where user_id = any (gone);
    return query select unnest(gone);
end
$$;
-- +goose StatementEnd
revoke execute on function persons.erase from public;
grant execute on function persons.erase to behalf_api, behalf_engine;

reset role;

-- +goose Down

drop schema persons cascade;
drop function log.head;
drop index log.events_erased;
drop index vault.connections_of_holder;
