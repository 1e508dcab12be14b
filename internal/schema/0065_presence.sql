-- When members were last active in a workspace: rows, not events, because they
-- are nobody's history. There are ids in this table and nothing personal. And
-- what a workspace's deletion leaves to be said.

-- +goose Up

create schema presence authorization behalf_owner;
set local role behalf_owner;

-- Exact to a minute.
create table presence.seen (
    workspace_id uuid        not null,
    person       uuid        not null,
    seen_at      timestamptz not null,
    primary key (workspace_id, person)
);
create index seen_person on presence.seen (person);
grant usage on schema presence to behalf_api;
grant select, insert, update on presence.seen to behalf_api;

-- A workspace sees its own, and each writes of themselves alone.
alter table presence.seen enable row level security;
alter table presence.seen force row level security;
create policy owner on presence.seen to behalf_owner using (true);
create policy api_reads on presence.seen for select to behalf_api using (
    workspace_id = (select nullif(current_setting('behalf.workspace', true), '')::uuid)
);
create policy api_adds on presence.seen for insert to behalf_api with check (
    workspace_id = (select nullif(current_setting('behalf.workspace', true), '')::uuid)
    and person = (select nullif(current_setting('behalf.user', true), '')::uuid)
);
create policy api_moves on presence.seen for update to behalf_api using (
    workspace_id = (select nullif(current_setting('behalf.workspace', true), '')::uuid)
    and person = (select nullif(current_setting('behalf.user', true), '')::uuid)
);

-- In the transaction that destroys a person's key (R66).
-- +goose StatementBegin
create function presence.forget() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set row_security = on
as $$
begin
    delete from presence.seen where person = new.person;
    return null;
end
$$;
-- +goose StatementEnd
revoke execute on function presence.forget from public;
create trigger forget_presence
after insert or update of destroyed_at on persons.keys
for each row when (new.destroyed_at is not null)
execute function presence.forget();

-- As before, with presence; and the one mail that says that a workspace was
-- deleted is not taken away with the others.
-- +goose StatementBegin
create or replace function persons.forget_workspaces() returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    gone uuid[];
begin
    select array_agg(substr(e.stream, 11)::uuid)
    into gone
    from log.events as e
    where e.type = 'workspace.deleted.v1'
        and not exists (
            select
            from persons.workspace_keys as held
            where held.workspace = substr(e.stream, 11)::uuid
                and held.wrapped is null
        );
    if gone is null then
        return;
    end if;
    delete from vault.connections where workspace_id = any (gone);
    delete from vault.grants where workspace_id = any (gone);
    delete from vault.authorizations where workspace_id = any (gone);
    delete from presence.seen where workspace_id = any (gone);
    delete from workers.mails where workspace_id = any (gone) and kind <> 'workspace_deleted' and ended_at is null;
    delete from workers.gathered where workspace_id = any (gone) and kind <> 'workspace_deleted' and mail_id is null;
end
$$;
-- +goose StatementEnd

reset role;

-- +goose Down

-- +goose StatementBegin
create or replace function persons.forget_workspaces() returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    gone uuid[];
begin
    select array_agg(substr(e.stream, 11)::uuid)
    into gone
    from log.events as e
    where e.type = 'workspace.deleted.v1'
        and not exists (
            select
            from persons.workspace_keys as held
            where held.workspace = substr(e.stream, 11)::uuid
                and held.wrapped is null
        );
    if gone is null then
        return;
    end if;
    delete from vault.connections where workspace_id = any (gone);
    delete from vault.grants where workspace_id = any (gone);
    delete from vault.authorizations where workspace_id = any (gone);
    delete from workers.mails where workspace_id = any (gone) and ended_at is null;
    delete from workers.gathered where workspace_id = any (gone) and mail_id is null;
end
$$;
-- +goose StatementEnd
drop trigger forget_presence on persons.keys;
drop schema presence cascade;
