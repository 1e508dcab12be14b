-- How many targets are left to ask about, for operators: numbers alone, of which
-- the API's role is not told whose they are (R32).

-- +goose Up

set local role behalf_owner;
-- +goose StatementBegin
create function log.unreconciled_counts() returns table (code text, targets bigint)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select u.code, count(*)
    from log.unreconciled() as u
    group by u.code
    order by u.code
$$;
-- +goose StatementEnd
revoke execute on function log.unreconciled_counts from public;
grant execute on function log.unreconciled_counts to behalf_api;
revoke execute on function log.unreconciled from behalf_api;
reset role;

-- +goose Down

grant execute on function log.unreconciled to behalf_api;
drop function log.unreconciled_counts;
