-- Every state but the final ones has an end; what is past it is shown, whichever
-- it is. And what is put off on purpose, or by a network's word, is not late.

-- +goose Up

set local role behalf_owner;

-- late: due, and not sent. put_off: that too, but publishing is paused there (R68)
-- or a network has said when to come again, which is longer than our own pauses
-- (workers/publish); until a sweep should have missed it. stuck: ten minutes past
-- the moment after which a sweep should have done something. unknown: a person
-- decides (R59). The views' names are looked up when it is called.
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

reset role;

-- +goose Down

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
        where which = 'late'
        and x.state = 'scheduled'
        and x.due < now() - interval '10 seconds'
        and greatest(x.due, x.not_before) < now() + interval '1 day' -- the longest grace (R56)
        union all
        select x.*, x.deadline
        from views.targets as x
        where which = 'stuck'
        and x.state in ('claimed', 'handed_over')
        and x.deadline < now() - interval '10 minutes'
        union all
        select x.*, x.due
        from views.targets as x
        where which = 'stuck'
        and x.state = 'waiting'
        and x.due < now() - interval '10 minutes'
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
