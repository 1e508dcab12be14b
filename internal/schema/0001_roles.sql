-- +goose Up

-- behalf_owner owns every object, behalf_api answers people's requests under
-- row-level security, behalf_engine runs views, policies and the sweeper.
--
-- Roles belong to the whole cluster and several databases may be migrated at
-- once, so somebody else may create one between looking and creating.
-- +goose StatementBegin
do $$
declare
    wanted text;
begin
    foreach wanted in array array['behalf_owner', 'behalf_api', 'behalf_engine'] loop
        if not exists (select from pg_roles where rolname = wanted) then
            begin
                execute format('create role %I nologin', wanted);
            exception
                when duplicate_object or unique_violation then null;
            end;
        end if;
        -- who connects has to be able to take the role; a superuser can already
        if not pg_has_role(current_user, wanted, 'member') then
            begin
                execute format('grant %I to %I', wanted, current_user);
            exception
                when duplicate_object or unique_violation then null;
            end;
        end if;
    end loop;
end
$$;
-- +goose StatementEnd
