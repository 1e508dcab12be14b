package personkeys_test

import (
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/internal/personkeys"
	"behalf/internal/testkit"
)

// wire is a signal among the processes of a test.
type wire struct {
	mutex sync.Mutex
	next  chan struct{}
}

func newWire() *wire { return &wire{next: make(chan struct{})} }

func (w *wire) Next() <-chan struct{} {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return w.next
}

func (w *wire) Notify() {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	close(w.next)
	w.next = make(chan struct{})
}

func TestErase(t *testing.T) {
	t.Parallel()
	super := testkit.Postgres(t)
	keys := open(t, under(t, super, "behalf_engine"), personkeys.Options{})
	carl, olivia := someone(), someone()
	ofCarl, ofOlivia := seal(t, keys, carl, "carl@example.com"), seal(t, keys, olivia, "olivia@example.com")
	for i, person := range []domain.UserID{carl, olivia} {
		_, err := super.Exec(t.Context(), `
			with known as (
				insert into signin.people (address_hash, person)
				values (decode(repeat($2, 32), 'hex'), $1)
			)
			insert into vault.connections (id, workspace_id, account_id, holder_id, kind, network, sealed)
			values (gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), $1, 'oauth2', 'sandbox', 'x')`,
			[16]byte(person), []string{"0a", "0b"}[i])
		require.NoError(t, err)
	}
	erased, err := keys.Erase(t.Context())
	require.NoError(t, err)
	require.Empty(t, erased, "the log calls nobody erased")
	require.Equal(t, "carl@example.com", reveal(t, keys, ofCarl))

	record(t, super, carl)
	erased, err = keys.Erase(t.Context())
	require.NoError(t, err)
	require.Equal(t, []domain.UserID{carl}, erased)
	require.Equal(t, personal.Erased, reveal(t, keys, ofCarl))
	require.Equal(t, "olivia@example.com", reveal(t, keys, ofOlivia))
	var left []uuid.UUID
	require.NoError(t, super.QueryRow(t.Context(), `
		select array_agg(person)
		from (
			select person from signin.people
			union all
			select holder_id from vault.connections
			union all
			select person from persons.keys where wrapped is not null
		) as remains`).Scan(&left))
	require.Equal(t, []uuid.UUID{uuid.UUID(olivia), uuid.UUID(olivia), uuid.UUID(olivia)}, left)

	again, err := keys.Erase(t.Context())
	require.NoError(t, err)
	require.Empty(t, again, "nothing is left to do")
}

// Whatever was under way when somebody was erased writes nothing about them.
func TestNoNewKeyForTheErased(t *testing.T) {
	t.Parallel()
	super, carl := testkit.Postgres(t), someone()
	record(t, super, carl)
	keys := open(t, super, personkeys.Options{})
	_, err := keys.Erase(t.Context())
	require.NoError(t, err)
	text := seal(t, open(t, super, personkeys.Options{}), carl, "carl@example.com")
	require.True(t, text.IsErased())
	require.Nil(t, text.Ciphertext())
}

// A key that came back with an old backup of the keys is destroyed again; and a
// destroyed key still counts when an old backup of the log does not say why.
func TestErasingAfterARestore(t *testing.T) {
	t.Parallel()
	super, carl, olivia := testkit.Postgres(t), someone(), someone()
	keys := open(t, super, personkeys.Options{})
	ofCarl := seal(t, keys, carl, "carl@example.com")
	record(t, super, carl)
	_, err := super.Exec(t.Context(), `
		with known as (
			insert into signin.people (address_hash, person)
			values (decode(repeat('0a', 32), 'hex'), $1)
		)
		insert into persons.keys (person, destroyed_at)
		values ($1, now())`, [16]byte(olivia))
	require.NoError(t, err)
	erased, err := keys.Erase(t.Context())
	require.NoError(t, err)
	require.ElementsMatch(t, []domain.UserID{carl, olivia}, erased)
	require.Equal(t, personal.Erased, reveal(t, keys, ofCarl))
}

// Another process forgets the key when it is told, and otherwise within CacheLife.
func TestErasingReachesOtherProcesses(t *testing.T) {
	t.Parallel()
	super, signal, clocked := testkit.Postgres(t), newWire(), &clock{time: time.Now()}
	here := open(t, super, personkeys.Options{Erased: signal})
	told, untold := open(t, super, personkeys.Options{Erased: signal}), open(t, super, personkeys.Options{Now: clocked.now})
	carl := someone()
	text := seal(t, here, carl, "carl@example.com")
	require.Equal(t, "carl@example.com", reveal(t, told, text))
	require.Equal(t, "carl@example.com", reveal(t, untold, text))

	record(t, super, carl)
	_, err := here.Erase(t.Context())
	require.NoError(t, err)
	require.Equal(t, personal.Erased, reveal(t, here, text))
	require.Equal(t, personal.Erased, reveal(t, told, text))
	require.Equal(t, "carl@example.com", reveal(t, untold, text), "it has cached the key")
	clocked.move(personkeys.CacheLife)
	require.Equal(t, personal.Erased, reveal(t, untold, text))
}

// No role that a process runs under can destroy, bring back or change a key but
// by persons.erase, which asks the log.
func TestNobodyElseDestroysKeys(t *testing.T) {
	t.Parallel()
	super, carl := testkit.Postgres(t), someone()
	text := seal(t, open(t, super, personkeys.Options{}), carl, "carl@example.com")
	for _, role := range []string{"behalf_api", "behalf_engine"} {
		pool := under(t, super, role)
		for _, statement := range []string{
			"delete from persons.keys",
			"truncate persons.keys",
			"update persons.keys set wrapped = null, destroyed_at = now()",
			"update persons.keys set person = gen_random_uuid()",
			"insert into persons.keys (person, destroyed_at) values (gen_random_uuid(), now())",
			"drop table persons.keys",
			"create or replace view persons.due as select person from persons.keys",
		} {
			_, err := pool.Exec(t.Context(), statement)
			require.ErrorContains(t, err, "SQLSTATE 42501", "%s: %s", role, statement)
		}
		erased, err := open(t, pool, personkeys.Options{}).Erase(t.Context())
		require.NoError(t, err)
		require.Empty(t, erased)
	}
	require.Equal(t, "carl@example.com", reveal(t, open(t, super, personkeys.Options{}), text))
}
