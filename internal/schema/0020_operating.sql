-- What operators of an installation may know of everybody's work: how much of
-- it waits, and since when. Numbers alone: operators are no members.

-- +goose Up

set local role behalf_owner;

grant select (type, class, parked_at, attempts) on views.parked to behalf_api;

-- The views' names are looked up when it is called: they are made by package
-- projections, and stand for other tables after a rebuild.
-- +goose StatementBegin
create function workers.waiting()
returns table (work text, total bigint, due bigint, oldest timestamptz)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select
        w.work,
        count(*),
        count(*) filter (where w.since <= now()),
        min(w.since) filter (where w.since <= now())
    from (
        select 'mails' as work, m.not_before as since
        from workers.mails as m
        where m.ended_at is null
        union all
        select 'digests', g.noted_at
        from workers.gathered as g
        where g.mail_id is null
        union all
        select
            case t.state
                when 'scheduled' then 'publish'
                when 'claimed' then 'reconcile'
                when 'needs_reauthentication' then 'reauthentication'
                else 'unknown'
            end,
            case t.state
                when 'scheduled' then greatest(t.due, t.not_before)
                when 'claimed' then t.deadline
                else t.due
            end
        from views.targets as t
        where t.state in ('scheduled', 'claimed', 'needs_reauthentication', 'unknown')
    ) as w
    group by w.work;
end
$$;
-- +goose StatementEnd
revoke execute on function workers.waiting from public;
grant execute on function workers.waiting to behalf_api;

reset role;

-- +goose Down

drop function workers.waiting;
revoke select (type, class, parked_at, attempts) on views.parked from behalf_api;
