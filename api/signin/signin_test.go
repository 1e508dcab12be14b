package signin_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"behalf/api/signin"
	"behalf/domain"
	"behalf/domain/user"
	"behalf/eventstore"
	"behalf/internal/testkit"
)

var key = [32]byte{1}

// pools answers one under the API's role and the superuser's.
func pools(t *testing.T) (asAPI, admin *pgxpool.Pool) {
	t.Helper()
	admin = testkit.Postgres(t)
	config, err := eventstore.PoolConfig(testkit.PostgresURL(t, admin), eventstore.RoleAPI)
	require.NoError(t, err)
	config.MaxConns = 8
	asAPI, err = pgxpool.NewWithConfig(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(asAPI.Close)
	return asAPI, admin
}

func always(context.Context) error { return nil }

func TestPersonOf(t *testing.T) {
	t.Parallel()
	pool, admin := pools(t)
	desk := signin.New(pool, key, time.Now)
	found := make([]domain.UserID, 32)
	var asking sync.WaitGroup
	for i := range found {
		asking.Go(func() {
			email := user.Email("Carl@Example.com")
			if i%2 == 0 {
				email = "carl@example.com"
			}
			person, err := desk.PersonOf(t.Context(), email)
			if err == nil {
				found[i] = person
			}
		})
	}
	asking.Wait()
	for _, person := range found {
		require.False(t, person.IsZero())
		require.Equal(t, found[0], person)
	}
	other, err := desk.PersonOf(t.Context(), "carla@example.com")
	require.NoError(t, err)
	require.NotEqual(t, found[0], other)
	for _, person := range []domain.UserID{found[0], other} {
		require.EqualValues(t, 4, uuid.UUID(person).Version(), "an id does not tell since when its address is known")
	}

	// the database alone does not tell whose rows these are
	var leaked int
	require.NoError(t, admin.QueryRow(t.Context(), `
		select count(*)
		from signin.people
		where address_hash = sha256('carl@example.com')`).Scan(&leaked))
	require.Zero(t, leaked)
}

func TestPasswords(t *testing.T) {
	t.Parallel()
	pool, admin := pools(t)
	desk := signin.New(pool, key, time.Now)
	person, err := desk.PersonOf(t.Context(), "carl@example.com")
	require.NoError(t, err)
	_, err = desk.CheckPassword(t.Context(), "carl@example.com", "anything at all")
	require.ErrorIs(t, err, signin.ErrWrongPassword, "no password yet")

	require.NoError(t, desk.Enrol(t.Context(), person, "canary-password", always, always))
	known, err := desk.CheckPassword(t.Context(), "CARL@example.com", "canary-password")
	require.NoError(t, err)
	require.Equal(t, person, known.Person)
	require.NotContains(t, fmt.Sprintf("%+v %#v", known, &known), "argon2id")
	for _, wrong := range []signin.Password{"", "canary-passwore", "Canary-password", "canary-password "} {
		_, err = desk.CheckPassword(t.Context(), "carl@example.com", wrong)
		require.ErrorIs(t, err, signin.ErrWrongPassword)
	}
	var stored string
	require.NoError(t, admin.QueryRow(t.Context(), "select phc from signin.passwords").Scan(&stored))
	require.True(t, strings.HasPrefix(stored, "$argon2id$v=19$m=19456,t=2,p=1$"), "the cost is part of what is stored")
	require.NotContains(t, stored, "canary")
}

// Of many who enrol one person at once, the one whose registration counts is
// the one whose password counts.
func TestEnrolmentRace(t *testing.T) {
	t.Parallel()
	pool, _ := pools(t)
	desk := signin.New(pool, key, time.Now)
	person, err := desk.PersonOf(t.Context(), "carl@example.com")
	require.NoError(t, err)
	var mutex sync.Mutex
	winner := signin.Password("")
	var enrolling sync.WaitGroup
	for i := range 12 {
		password := signin.Password(fmt.Sprintf("password-number-%02d", i))
		enrolling.Go(func() {
			_ = desk.Enrol(t.Context(), person, password,
				func(context.Context) error {
					mutex.Lock()
					defer mutex.Unlock()
					if winner != "" {
						return domain.Clash(0, "already_registered", "")
					}
					return nil
				},
				func(context.Context) error {
					mutex.Lock()
					defer mutex.Unlock()
					winner = password
					return nil
				})
		})
	}
	enrolling.Wait()
	_, err = desk.CheckPassword(t.Context(), "carl@example.com", winner)
	require.NoError(t, err)
}

func TestIdentify(t *testing.T) {
	t.Parallel()
	pool, admin := pools(t)
	desk := signin.New(pool, key, time.Now)
	person, err := desk.PersonOf(t.Context(), "carl@example.com")
	require.NoError(t, err)
	session, err := desk.OpenSession(t.Context(), person, signin.ByPassword)
	require.NoError(t, err)
	principal, err := desk.Identify(t.Context(), session.Token)
	require.NoError(t, err)
	require.Equal(t, person, principal.User)
	require.True(t, principal.IsSession)

	var stored int
	require.NoError(t, admin.QueryRow(t.Context(), `
		select count(*)
		from signin.sessions
		where id_hash = sha256($1)
		  and authenticated_with = '{password}'`, []byte(session.Token.Reveal())).Scan(&stored))
	require.Equal(t, 1, stored, "the hash alone is stored")

	for _, wrong := range []signin.Token{"", "bhs_", session.Token + "A", session.Token[:len(session.Token)-1], "bhf_" + session.Token[4:]} {
		_, err = desk.Identify(t.Context(), wrong)
		require.ErrorIs(t, err, signin.ErrNotSignedIn)
	}
	require.NoError(t, desk.CloseSession(t.Context(), principal))
	_, err = desk.Identify(t.Context(), session.Token)
	require.ErrorIs(t, err, signin.ErrNotSignedIn)
}

// Nobody but the API's role gets near these tables.
func TestOnlyTheAPI(t *testing.T) {
	t.Parallel()
	_, admin := pools(t)
	for _, table := range []string{"people", "passwords", "sessions", "tokens"} {
		for role, may := range map[string]bool{eventstore.RoleAPI: true, eventstore.RoleEngine: false} {
			var granted bool
			require.NoError(t, admin.QueryRow(t.Context(), `
				select has_schema_privilege($1, 'signin', 'usage')
				   and has_table_privilege($1, 'signin.' || $2, 'select')`, role, table).Scan(&granted))
			require.Equal(t, may, granted, "%s on %s", role, table)
		}
	}
}

// R41: neither a password nor a token prints, logs or marshals.
func TestSecretsDoNotPrint(t *testing.T) {
	t.Parallel()
	const canary = "canary-secret"
	for _, secret := range []any{signin.Password(canary), signin.Token(canary), struct{ P signin.Password }{canary}, []signin.Token{canary}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			printed := fmt.Sprintf(verb, secret)
			require.NotContains(t, printed, canary)
			require.NotContains(t, printed, fmt.Sprintf("%x", canary))
		}
		_, err := json.Marshal(secret)
		require.Error(t, err)
		var logged strings.Builder
		slog.New(slog.NewJSONHandler(&logged, nil)).Info("m", "s", secret)
		slog.New(slog.NewTextHandler(&logged, nil)).Info("m", "s", secret)
		require.NotContains(t, logged.String(), canary)
	}
}
