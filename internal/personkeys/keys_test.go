package personkeys_test

import (
	"bytes"
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/internal/masterkey"
	"behalf/internal/personkeys"
	"behalf/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var (
	master = bytes.Repeat([]byte{7}, masterkey.Size)
	place  = personal.Place{ID: [16]byte{15: 1}, Field: "email"}
)

func someone() domain.UserID { return domain.UserID(uuid.Must(uuid.NewV7())) }

func under(t *testing.T, super *pgxpool.Pool, role string) *pgxpool.Pool {
	t.Helper()
	config := super.Config()
	config.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, "set role "+role)
		return err
	}
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	return pool
}

func open(t *testing.T, pool *pgxpool.Pool, options personkeys.Options) *personkeys.Keys {
	t.Helper()
	keys, err := personkeys.New(pool, master, options)
	require.NoError(t, err)
	return keys
}

func seal(t *testing.T, keys *personkeys.Keys, person domain.UserID, says string) personal.Text {
	t.Helper()
	text := personal.New(person, says).At(place)
	require.NoError(t, keys.Seal(t.Context(), &text))
	return text
}

func reveal(t *testing.T, keys *personkeys.Keys, text personal.Text) string {
	t.Helper()
	require.NoError(t, keys.Open(t.Context(), &text))
	return text.Reveal()
}

// record has the log call somebody erased.
func record(t *testing.T, super *pgxpool.Pool, person domain.UserID) {
	t.Helper()
	_, err := super.Exec(t.Context(), `
		insert into log.events (workspace_id, stream, version, id, type, data, metadata, recorded_at)
		values (null, $1, 1, gen_random_uuid(), 'user.erased.v1', '{}', '{}', now())`,
		domain.StreamOf(domain.UserStreams, person).String())
	require.NoError(t, err)
}

// One process seals, another one opens; both roles may do both.
func TestSealAndOpen(t *testing.T) {
	t.Parallel()
	super := testkit.Postgres(t)
	api, engine := open(t, under(t, super, "behalf_api"), personkeys.Options{}), open(t, under(t, super, "behalf_engine"), personkeys.Options{})
	carl, olivia := someone(), someone()
	email, name := personal.New(carl, "carl@example.com").At(place), personal.New(olivia, "Olivia").At(place)
	sealedAlready, lost, none := personal.Sealed(carl, place, []byte("x")), personal.Lost(carl), personal.Text{}
	require.NoError(t, api.Seal(t.Context(), &email, &name, &sealedAlready, &lost, &none))
	require.True(t, email.IsSealed())
	require.True(t, none.IsZero())
	require.Equal(t, []byte("x"), sealedAlready.Ciphertext())

	require.NoError(t, engine.Open(t.Context(), &email, &name, &lost, &none))
	require.Equal(t, "carl@example.com", email.Reveal())
	require.Equal(t, "Olivia", name.Reveal())
	require.Equal(t, personal.Erased, lost.Reveal())

	nobodys := personal.New(domain.UserID{}, "x")
	require.ErrorIs(t, api.Seal(t.Context(), &nobodys), personkeys.ErrNobody)
	known, err := engine.Knows(t.Context(), carl)
	require.NoError(t, err)
	require.True(t, known)
	known, err = engine.Knows(t.Context(), someone())
	require.NoError(t, err)
	require.False(t, known)
}

// However many make a person's key at once, there is one.
func TestOneKeyPerPerson(t *testing.T) {
	t.Parallel()
	super, carl := testkit.Postgres(t), someone()
	texts := make([]personal.Text, 8)
	var sealing sync.WaitGroup
	for i := range texts {
		keys := open(t, super, personkeys.Options{})
		texts[i] = personal.New(carl, "carl@example.com").At(place)
		sealing.Go(func() { _ = keys.Seal(t.Context(), &texts[i]) })
	}
	sealing.Wait()
	for _, text := range texts {
		require.True(t, text.IsSealed())
		require.Equal(t, "carl@example.com", reveal(t, open(t, super, personkeys.Options{}), text))
	}
}

// A ciphertext that was moved is shown as nothing, and told to operators,
// without a word of it.
func TestAMovedTextDoesNotOpen(t *testing.T) {
	t.Parallel()
	var logs bytes.Buffer
	keys := open(t, testkit.Postgres(t), personkeys.Options{Logger: slog.New(slog.NewTextHandler(&logs, nil))})
	text := seal(t, keys, someone(), "carl@example.com")
	require.Equal(t, personal.Erased, reveal(t, keys, text.At(personal.Place{ID: place.ID, Field: "name"})))
	require.Contains(t, logs.String(), "does not open")
	require.NotContains(t, logs.String(), "carl")
	require.Equal(t, "carl@example.com", reveal(t, keys, text))
}

func TestAnotherMasterKey(t *testing.T) {
	t.Parallel()
	super := testkit.Postgres(t)
	text := seal(t, open(t, super, personkeys.Options{}), someone(), "carl@example.com")
	other, err := personkeys.New(super, bytes.Repeat([]byte{8}, masterkey.Size), personkeys.Options{})
	require.NoError(t, err)
	require.ErrorIs(t, other.Open(t.Context(), &text), personkeys.ErrMasterKey, "a wrong key is no erasure")
	_, err = personkeys.New(super, []byte("short"), personkeys.Options{})
	require.ErrorIs(t, err, personkeys.ErrMasterKey)
}

// clock is a time that the test moves.
type clock struct {
	mutex sync.Mutex
	time  time.Time
}

func (c *clock) now() time.Time {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.time
}

func (c *clock) move(by time.Duration) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.time = c.time.Add(by)
}
