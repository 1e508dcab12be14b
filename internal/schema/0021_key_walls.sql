-- Wrapped keys are handed out one by one, to who names whose they are: a query
-- that forgets its filter reads none.

-- +goose Up

set local role behalf_owner;

-- The table of workspaces' keys comes with a later file: it is looked up when
-- this is called.
-- +goose StatementBegin
create function persons.held(people uuid[], workspaces uuid[])
returns table (of_workspace boolean, subject uuid, wrapped bytea)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select
        false,
        k.person,
        k.wrapped
    from persons.keys as k
    where k.person = any (people)
    union all
    select
        true,
        w.workspace,
        w.wrapped
    from persons.workspace_keys as w
    where w.workspace = any (workspaces);
end
$$;
-- +goose StatementEnd
revoke execute on function persons.held from public;
grant execute on function persons.held to behalf_api, behalf_engine;

revoke select on persons.keys from behalf_api, behalf_engine;

reset role;

-- +goose Down

drop function persons.held;
grant select on persons.keys to behalf_api, behalf_engine;
