-- Who was erased, for whoever has them leave their workspaces (R66): by the log or,
-- where that was restored from before it, by the destroyed key alone. Keys stand
-- behind a wall; that one has none tells nothing else.

-- +goose Up

set local role behalf_owner;
create index keys_destroyed on persons.keys (person) where wrapped is null;
-- +goose StatementBegin
create function persons.erased() returns setof uuid
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select substr(e.stream, 6)::uuid
    from log.events as e
    where e.type = 'user.erased.v1'
    union
    select k.person
    from persons.keys as k
    where k.wrapped is null
$$;
-- +goose StatementEnd
revoke execute on function persons.erased from public;
grant execute on function persons.erased to behalf_engine;
reset role;

-- +goose Down

drop function persons.erased;
drop index persons.keys_destroyed;
