-- Holders are told before a connection runs out that only they can renew, once.

-- +goose Up

alter table vault.care
    add column announced_at timestamptz; -- when its holder was told; null: not yet
grant update (announced_at) on vault.care to behalf_api;

-- +goose Down

alter table vault.care
    drop column announced_at;
