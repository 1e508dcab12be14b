-- Every worker counts what is late, every fifteen seconds: that reads what is
-- late, not all that is scheduled for the next day.

-- +goose Up

set local role behalf_owner;

-- Tables that are made from now on have it from package projections. It is of an
-- expression, because Postgres knows of its values how they are spread: of the
-- column it knows that nearly all targets are past, as what has gone out is, and
-- would take them for late.
-- +goose StatementBegin
do $$
declare
    generation record;
begin
    for generation in
        select format('%I.targets', n.nspname) as targets
        from pg_class as c
        join pg_namespace as n on n.oid = c.relnamespace
        where n.nspname like 'views\_posts\_%'
        and c.relname = 'targets'
    loop
        execute format('create index if not exists targets_scheduled on %s (coalesce(due, not_before)) where state = %L', generation.targets, 'scheduled');
    end loop;
end
$$;
-- +goose StatementEnd

-- What the words mean: 0085_all_that_is_stuck.sql.
-- +goose StatementBegin
create or replace function workers.odd_targets(which text, most integer)
returns table (
    total bigint, workspace_id uuid, post_id uuid, account_id uuid, network text, state text,
    due timestamptz, since timestamptz, again timestamptz, code text, paused boolean, held boolean
)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select
        count(*) over (), t.workspace_id, t.post_id, t.account_id, coalesce(a.network, ''), t.state,
        t.due, t.since, t.not_before, t.code, coalesce(a.paused or w.paused, false), l.held
    from (
        select x.*, x.due as since
        from views.targets as x
        left join views.accounts as p on p.account_id = x.account_id
        left join views.workspaces as o on o.workspace_id = x.workspace_id
        where which in ('late', 'put_off')
        and x.state = 'scheduled'
        and coalesce(x.due, x.not_before) < now() - interval '10 seconds'
        and (which = 'put_off') = (
            (coalesce((p.paused or o.paused) and o.closed_at is null and o.delete_at is null, false)
                or x.not_before > now() + interval '30 seconds')
            and x.due + make_interval(mins => coalesce(o.grace_minutes, 15)) > now() - interval '10 minutes'
        )
        union all
        select x.*, x.due + make_interval(mins => coalesce(o.grace_minutes, 15))
        from views.targets as x
        left join views.workspaces as o on o.workspace_id = x.workspace_id
        where which = 'stuck'
        and x.state = 'scheduled'
        and coalesce(x.due, x.not_before) < now() - interval '10 minutes'
        and x.due + make_interval(mins => coalesce(o.grace_minutes, 15)) < now() - interval '10 minutes'
        union all
        select x.*, x.deadline
        from views.targets as x
        where which = 'stuck'
        and x.state = 'claimed'
        and x.deadline < now() - interval '10 minutes'
        union all
        select x.*, x.deadline
        from views.targets as x
        where which = 'stuck'
        and x.state = 'handed_over'
        and x.deadline < now() - interval '10 minutes'
        union all
        select x.*, x.due
        from views.targets as x
        where which = 'stuck'
        and x.state = 'waiting'
        and x.due < now() - interval '10 minutes'
        union all
        select x.*, x.deadline
        from views.targets as x
        where which = 'stuck'
        and x.state = 'deleting'
        and x.deadline < now() - interval '10 minutes'
        union all
        select x.*, x.deadline -- there is none once they were told once more
        from views.targets as x
        join views.workspaces as o on o.workspace_id = x.workspace_id and o.closed_at is null and o.delete_at is null
        where which = 'stuck'
        and x.state = 'unknown'
        and x.deadline < now() - interval '10 minutes'
        union all
        select x.*, e.recorded_at -- as projections.HeldUntold, which is to find nothing
        from views.targets as x
        join log.events as e on e.position = x.position
        join views.workspaces as o on o.workspace_id = x.workspace_id and o.closed_at is null and o.delete_at is null
        left join views.connections as c on c.account_id = x.account_id and c.holder_id = x.holder_id
        where which = 'stuck'
        and x.state = 'needs_reauthentication'
        and e.recorded_at < now() - interval '10 minutes'
        and (x.holder_id = o.owner_id or exists (
            select
            from views.assignments as g
            where g.workspace_id = x.workspace_id
            and g.user_id = x.holder_id
            and g.account_id = x.account_id
            and g.credential_mode = 'member'
        ))
        and (c.account_id is null or c.outage_event is null and (
            c.state = 'missing'
            or c.state = 'active' and c.connection_id is not distinct from x.connection_id
        ))
        union all
        select x.*, e.recorded_at
        from views.targets as x
        left join log.events as e on e.position = x.position
        where which = 'unknown'
        and x.state = 'unknown'
    ) as t
    cross join log.lineage as l
    left join views.accounts as a on a.account_id = t.account_id
    left join views.workspaces as w on w.workspace_id = t.workspace_id
    order by t.since, t.post_id, t.account_id
    limit most;
end
$$;
-- +goose StatementEnd

reset role;

-- +goose Down

set local role behalf_owner;

-- +goose StatementBegin
create or replace function workers.odd_targets(which text, most integer)
returns table (
    total bigint, workspace_id uuid, post_id uuid, account_id uuid, network text, state text,
    due timestamptz, since timestamptz, again timestamptz, code text, paused boolean, held boolean
)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select
        count(*) over (), t.workspace_id, t.post_id, t.account_id, coalesce(a.network, ''), t.state,
        t.due, t.since, t.not_before, t.code, coalesce(a.paused or w.paused, false), l.held
    from (
        select x.*, x.due as since
        from views.targets as x
        left join views.accounts as p on p.account_id = x.account_id
        left join views.workspaces as o on o.workspace_id = x.workspace_id
        where which in ('late', 'put_off')
        and x.state = 'scheduled'
        and x.due < now() - interval '10 seconds'
        and greatest(x.due, x.not_before) < now() + interval '1 day' -- the longest grace (R56)
        and (which = 'put_off') = (
            (coalesce((p.paused or o.paused) and o.closed_at is null and o.delete_at is null, false)
                or x.not_before > now() + interval '30 seconds')
            and x.due + make_interval(mins => coalesce(o.grace_minutes, 15)) > now() - interval '10 minutes'
        )
        union all
        select x.*, x.due + make_interval(mins => coalesce(o.grace_minutes, 15))
        from views.targets as x
        left join views.workspaces as o on o.workspace_id = x.workspace_id
        where which = 'stuck'
        and x.state = 'scheduled'
        and x.due < now() - interval '10 minutes'
        and greatest(x.due, x.not_before) < now() + interval '1 day'
        and x.due + make_interval(mins => coalesce(o.grace_minutes, 15)) < now() - interval '10 minutes'
        union all
        select x.*, x.deadline
        from views.targets as x
        where which = 'stuck'
        and x.state = 'claimed'
        and x.deadline < now() - interval '10 minutes'
        union all
        select x.*, x.deadline
        from views.targets as x
        where which = 'stuck'
        and x.state = 'handed_over'
        and x.deadline < now() - interval '10 minutes'
        union all
        select x.*, x.due
        from views.targets as x
        where which = 'stuck'
        and x.state = 'waiting'
        and x.due < now() - interval '10 minutes'
        union all
        select x.*, x.deadline
        from views.targets as x
        where which = 'stuck'
        and x.state = 'deleting'
        and x.deadline < now() - interval '10 minutes'
        union all
        select x.*, x.deadline -- there is none once they were told once more
        from views.targets as x
        join views.workspaces as o on o.workspace_id = x.workspace_id and o.closed_at is null and o.delete_at is null
        where which = 'stuck'
        and x.state = 'unknown'
        and x.deadline < now() - interval '10 minutes'
        union all
        select x.*, e.recorded_at -- as projections.HeldUntold, which is to find nothing
        from views.targets as x
        join log.events as e on e.position = x.position
        join views.workspaces as o on o.workspace_id = x.workspace_id and o.closed_at is null and o.delete_at is null
        left join views.connections as c on c.account_id = x.account_id and c.holder_id = x.holder_id
        where which = 'stuck'
        and x.state = 'needs_reauthentication'
        and e.recorded_at < now() - interval '10 minutes'
        and (x.holder_id = o.owner_id or exists (
            select
            from views.assignments as g
            where g.workspace_id = x.workspace_id
            and g.user_id = x.holder_id
            and g.account_id = x.account_id
            and g.credential_mode = 'member'
        ))
        and (c.account_id is null or c.outage_event is null and (
            c.state = 'missing'
            or c.state = 'active' and c.connection_id is not distinct from x.connection_id
        ))
        union all
        select x.*, e.recorded_at
        from views.targets as x
        left join log.events as e on e.position = x.position
        where which = 'unknown'
        and x.state = 'unknown'
    ) as t
    cross join log.lineage as l
    left join views.accounts as a on a.account_id = t.account_id
    left join views.workspaces as w on w.workspace_id = t.workspace_id
    order by t.since, t.post_id, t.account_id
    limit most;
end
$$;
-- +goose StatementEnd

-- +goose StatementBegin
do $$
declare
    generation record;
begin
    for generation in
        select format('%I.targets_scheduled', n.nspname) as index
        from pg_namespace as n
        where n.nspname like 'views\_posts\_%'
    loop
        execute format('drop index if exists %s', generation.index);
    end loop;
end
$$;
-- +goose StatementEnd

reset role;
