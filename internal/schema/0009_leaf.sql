-- +goose Up

set local role behalf_owner;

-- Which leaf an event is, as before; whether it is sealed at all is now told by
-- the newest checkpoint. "exists (… position >= at)" read all of them for an
-- event that is not.
-- +goose StatementBegin
create or replace function seal.leaf(at bigint) returns bigint
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(before.size, 0) + (
        select count(*)
        from log.events as e
        where e.position > coalesce(before.position, 0)
            and e.position < at
    )
    from (select) as one
    left join lateral (
        select c.size, c.position
        from seal.checkpoints as c
        where c.position < at
        order by c.position desc
        limit 1
    ) as before on true
    where (select max(c.position) from seal.checkpoints as c) >= at
        and exists (select from log.events as e where e.position = at)
$$;
-- +goose StatementEnd

reset role;
