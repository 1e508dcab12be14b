-- The API tells operators how many targets came out how, and reads no more of
-- them than that: whose they are is no business of an operator's.

-- +goose Up

set local role behalf_owner;
revoke select on log.reconsidered from behalf_api;
grant select (quarantine_id, outcome) on log.reconsidered to behalf_api;
reset role;

-- +goose Down

revoke select (quarantine_id, outcome) on log.reconsidered from behalf_api;
grant select on log.reconsidered to behalf_api;
