-- What goes with a deleted workspace, before its key does (R13).

-- +goose Up

set local role behalf_owner;

-- Removes what the vault and the workers hold of workspaces that the log calls
-- deleted, as long as their keys have not been destroyed: whoever destroys those
-- calls it right before. Doing it again changes nothing.
-- +goose StatementBegin
create function persons.forget_workspaces() returns void
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
revoke execute on function persons.forget_workspaces from public;
grant execute on function persons.forget_workspaces to behalf_engine;

reset role;

-- +goose Down

drop function persons.forget_workspaces;
