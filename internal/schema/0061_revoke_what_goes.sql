-- What goes with an erased person (R66) or a deleted workspace (R13) is ended at
-- its network as well, where it can be: the sealed authorization moves to where
-- it serves for that alone, in the statement that removes it. It stays there for
-- an hour at most, of an erased person for ten minutes: what was given up fifty
-- minutes ago has ten left. Networks that end nothing have it forgotten at the
-- first try.

-- +goose Up

set local role behalf_owner;

-- Those two are the functions that remove connections as their owner. Workers
-- remove under their own role, and say themselves what is to be revoked.
-- +goose StatementBegin
create function vault.keep_to_revoke() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if current_user <> 'behalf_owner' then
        return null;
    end if;
    insert into vault.revocations (id, workspace_id, account_id, holder_id, kind, network, person, sealed, given_up_at)
    values (
        old.id, old.workspace_id, old.account_id, old.holder_id, old.kind, old.network, old.person, old.sealed,
        now() - case
            when exists (select from persons.keys as k where k.person = old.holder_id and k.wrapped is null) then interval '50 minutes'
            else interval '0'
        end
    )
    on conflict (id) do nothing;
    return null;
end
$$;
-- +goose StatementEnd
create trigger keep_to_revoke
after delete on vault.connections
for each row execute function vault.keep_to_revoke();

-- +goose StatementBegin
create or replace function vault.forget() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    update vault.revocations
    set given_up_at = now() - interval '50 minutes'
    where holder_id = new.person
      and given_up_at > now() - interval '50 minutes';
    return null;
end
$$;
-- +goose StatementEnd

reset role;

-- +goose Down

set local role behalf_owner;

-- +goose StatementBegin
create or replace function vault.forget() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    delete from vault.revocations where holder_id = new.person;
    return null;
end
$$;
-- +goose StatementEnd
drop trigger keep_to_revoke on vault.connections;
drop function vault.keep_to_revoke;

reset role;
