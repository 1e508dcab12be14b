-- +goose Up

-- The seal: a Merkle tree over the log (RFC 6962) and its signed checkpoints.
create schema seal authorization behalf_owner;
set local role behalf_owner;

-- Tiles of 256 hashes. A tile is written in pieces, as the tree grows, so that
-- what has been written never changes: the pieces of a tile in order of start
-- are its hashes. Level 0 has the leaves, level n the roots of level n-1's tiles.
create table seal.tiles (
    level  smallint not null check (level between 0 and 7),
    tile   bigint not null check (tile >= 0),
    start  smallint not null check (start between 0 and 255),
    hashes bytea not null,
    constraint tiles_pkey primary key (level, tile, start),
    constraint tiles_whole_hashes check (
        octet_length(hashes) > 0 and octet_length(hashes) % 32 = 0 and start + octet_length(hashes) / 32 <= 256
    )
);
comment on column seal.tiles.start is 'the place in its tile of the first of these hashes';

create table seal.checkpoints (
    size     bigint primary key check (size > 0),
    position bigint not null unique check (position > 0),
    root     bytea not null check (octet_length(root) = 32),
    note     bytea not null,
    made_at  timestamptz not null default clock_timestamp()
);
comment on column seal.checkpoints.size is 'leaves of the tree: events up to position';
comment on column seal.checkpoints.note is 'the signed form (C2SP tlog-checkpoint), which alone is evidence';

create trigger append_only
    before update or delete or truncate on seal.tiles
    for each statement execute function log.refuse();
alter table seal.tiles enable always trigger append_only;
create trigger append_only
    before update or delete or truncate on seal.checkpoints
    for each statement execute function log.refuse();
alter table seal.checkpoints enable always trigger append_only;

-- Which leaf an event is: row-level security hides the events before it from
-- whoever asks, their number is no secret. Null for what is not sealed.
-- +goose StatementBegin
create function seal.leaf(at bigint) returns bigint
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
    where exists (select from seal.checkpoints as c where c.position >= at)
        and exists (select from log.events as e where e.position = at)
$$;
-- +goose StatementEnd
revoke execute on function seal.leaf from public;

grant usage on schema seal to behalf_api, behalf_engine;
grant select on seal.tiles, seal.checkpoints to behalf_api, behalf_engine;
grant insert on seal.tiles, seal.checkpoints to behalf_engine;
grant execute on function seal.leaf to behalf_api, behalf_engine;

reset role;
