package workerstest

import (
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/internal/mail/capture"
	"behalf/internal/redisurl"
)

// AwaitMail waits until the mail of an event has ended, and expects how.
func (w *World) AwaitMail(event domain.EventID, outcome string) {
	w.Helper()
	for {
		var ended *string
		err := w.Pool.QueryRow(w.Ctx, "select outcome from workers.mails where event_id = $1", [16]byte(event)).Scan(&ended)
		if !errors.Is(err, pgx.ErrNoRows) {
			require.NoError(w, err)
		}
		if ended != nil {
			require.Equal(w, outcome, *ended)
			return
		}
		w.pause(nil, "the mail does not end as %s", outcome)
	}
}

// AwaitKind is AwaitMail for one of several mails of an event.
func (w *World) AwaitKind(event domain.EventID, kind, outcome string) {
	w.Helper()
	w.awaitOutcome(outcome, "event_id = $1 and kind = $2", [16]byte(event), kind)
}

// AwaitDigest is AwaitMail for a person's digest.
func (w *World) AwaitDigest(person domain.UserID, outcome string) {
	w.Helper()
	w.awaitOutcome(outcome, "person = $1 and kind = 'digest'", [16]byte(person))
}

func (w *World) awaitOutcome(outcome, which string, parameters ...any) {
	w.Helper()
	for {
		var ended *string
		err := w.Pool.QueryRow(w.Ctx, "select max(outcome) from workers.mails where "+which, parameters...).Scan(&ended)
		require.NoError(w, err)
		if ended != nil {
			require.Equal(w, outcome, *ended)
			return
		}
		w.pause(nil, "the mail does not end as %s", outcome)
	}
}

// AwaitKept waits until something, or nothing, of a person waits to be mailed.
func (w *World) AwaitKept(person domain.UserID, kept bool) {
	w.Helper()
	for {
		var there bool
		err := w.Pool.QueryRow(w.Ctx, `
			select exists (select from workers.mails where person = $1 and ended_at is null)
				or exists (select from workers.gathered where person = $1)`, [16]byte(person)).Scan(&there)
		require.NoError(w, err)
		if there == kept {
			return
		}
		w.pause(nil, "what is kept of the person does not become %t", kept)
	}
}

// MessageID is the Message-ID of the one mail of an event.
func (w *World) MessageID(event domain.EventID) string {
	w.Helper()
	var id string
	err := w.Pool.QueryRow(w.Ctx, "select mail_id::text from workers.mails where event_id = $1", [16]byte(event)).Scan(&id)
	require.NoError(w, err)
	return id + "@behalf.example"
}

// AwaitTries waits until a mail was tried so many times and put off.
func (w *World) AwaitTries(event domain.EventID, tries int) {
	w.Helper()
	for w.MailTries(event) < tries || !w.putOff(event) {
		w.pause(nil, "the mail is not tried %d times", tries)
	}
}

func (w *World) putOff(event domain.EventID) (off bool) {
	w.Helper()
	err := w.Pool.QueryRow(w.Ctx, "select code is not null from workers.mails where event_id = $1", [16]byte(event)).Scan(&off)
	require.NoError(w, err)
	return off
}

// MailTries is how many times the mail of an event was tried.
func (w *World) MailTries(event domain.EventID) (tries int) {
	w.Helper()
	err := w.Pool.QueryRow(w.Ctx, "select coalesce(max(tries), 0) from workers.mails where event_id = $1", [16]byte(event)).Scan(&tries)
	require.NoError(w, err)
	return tries
}

// To tells a mail to one address.
func To(address string) func(capture.Message) bool {
	return func(m capture.Message) bool { return len(m.To) == 1 && m.To[0] == address }
}

// RedisClient is a connection to the world's Redis.
func (w *World) RedisClient() *redis.Client {
	w.Helper()
	options, err := redisurl.Parse(w.Redis)
	require.NoError(w, err)
	client := redis.NewClient(options)
	w.Cleanup(func() { _ = client.Close() })
	return client
}

// Dump is everything that the log, the workers' tables and Redis hold.
func (w *World) Dump() string {
	w.Helper()
	var dump strings.Builder
	rows, err := w.Pool.Query(w.Ctx, `
		select id::text || type || encode(data, 'escape') || encode(metadata, 'escape')
		from log.events
		union all
		select m::text
		from workers.mails as m
		union all
		select g::text
		from workers.gathered as g`)
	require.NoError(w, err)
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(w, err)
	dump.WriteString(strings.Join(lines, "\n"))

	client := w.RedisClient()
	keys, err := client.Keys(w.Ctx, "*").Result()
	require.NoError(w, err)
	for _, key := range keys {
		fmt.Fprintf(&dump, "\n%s %v", key, w.value(client, key))
	}
	return dump.String()
}

func (w *World) value(client *redis.Client, key string) (value any) {
	w.Helper()
	kind, err := client.Type(w.Ctx, key).Result()
	require.NoError(w, err)
	switch kind {
	case "hash":
		value, err = client.HGetAll(w.Ctx, key).Result()
	case "list":
		value, err = client.LRange(w.Ctx, key, 0, -1).Result()
	case "set":
		value, err = client.SMembers(w.Ctx, key).Result()
	case "zset":
		value, err = client.ZRange(w.Ctx, key, 0, -1).Result()
	default:
		value, err = client.Get(w.Ctx, key).Result()
	}
	if !errors.Is(err, redis.Nil) { // gone meanwhile
		require.NoError(w, err)
	}
	return value
}
