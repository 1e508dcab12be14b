-- The API may have a connection looked after again that its holder authorized again.

-- +goose Up

grant update (ended_at, failures, refresh_due) on vault.care to behalf_api;
alter table vault.care
    drop constraint care_connection_id_fkey,
    add constraint care_connection_id_fkey
        foreign key (connection_id) references vault.connections on delete cascade on update cascade;

-- +goose Down

alter table vault.care
    drop constraint care_connection_id_fkey,
    add constraint care_connection_id_fkey
        foreign key (connection_id) references vault.connections on delete cascade;

revoke update (ended_at, failures, refresh_due) on vault.care from behalf_api;
