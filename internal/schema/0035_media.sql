-- Pictures and films that members uploaded. What is in them lies in a blob
-- store, under names made of the ids here; see package media.

-- +goose Up

create schema media authorization behalf_owner;
grant usage on schema media to behalf_api, behalf_engine;
set local role behalf_owner;

-- A row comes before its first blob and goes after its last one: no blob is
-- there that nothing names, whoever dies when.
create table media.items (
    id            uuid        primary key,
    workspace_id  uuid        not null,
    uploader_id   uuid        not null,
    state         text        not null check (state in ('arriving', 'ready', 'gone')),
    bytes         bigint      not null check (bytes >= 0),   -- of the clean copy; what was announced while it arrives
    type          text        not null default '',           -- media type, by content
    width         integer     not null default 0,            -- pixels, as shown
    height        integer     not null default 0,
    duration      interval    not null default '0',          -- of a film
    alt           text        not null default '',
    has_thumbnail boolean     not null default false,
    received      bytea       check (octet_length(received) = 32), -- SHA-256 of what was sent
    request       bytea       check (octet_length(request) = 32),  -- hash of the Idempotency-Key; null without one
    created_at    timestamptz not null default clock_timestamp(),
    touched_at    timestamptz not null default clock_timestamp(), -- uploaded, or named in a post's content
    used_at       timestamptz,                                    -- when some post was last seen to name it
    check (state <> 'ready' or (type <> '' and received is not null and width > 0 and height > 0))
);
create unique index items_once on media.items (workspace_id, uploader_id, request) where state = 'ready';
create index items_of_workspace on media.items (workspace_id, id);
create index items_by_age on media.items (state, touched_at);

alter table media.items enable row level security;
alter table media.items force row level security;
create policy engine on media.items to behalf_engine, behalf_owner using (true);
create policy api on media.items to behalf_api using (
    workspace_id = (select nullif(current_setting('behalf.workspace', true), '')::uuid)
);
grant select, insert, update on media.items to behalf_api;
grant select, update, delete on media.items to behalf_engine;

-- Whoever has a signed address names no workspace: the signature is what says
-- that they may see it.
create function media.signed(wanted uuid)
returns table (workspace_id uuid, type text, has_thumbnail boolean, touched_at timestamptz)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select i.workspace_id, i.type, i.has_thumbnail, i.created_at
    from media.items as i
    where i.id = wanted
    and i.state = 'ready'
$$;
revoke execute on function media.signed from public;
grant execute on function media.signed to behalf_api;

reset role;

-- +goose Down

drop schema media cascade;
