package apitest

import (
	"crypto/hmac"
	"crypto/sha256"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/api"
	"behalf/domain"
	"behalf/domain/user"
	"behalf/eventstore"
)

// PersonAt is who stands behind an address.
func (w *World) PersonAt(t testing.TB, email string) (person domain.UserID) {
	t.Helper()
	mac := hmac.New(sha256.New, EmailIndexKey[:])
	mac.Write([]byte(user.Email(email).Normal()))
	require.NoError(t, w.Admin.QueryRow(t.Context(), "select person from signin.people where address_hash = $1", mac.Sum(nil)).
		Scan((*[16]byte)(&person)))
	return person
}

// LinkTo derives the token of the newest link that was mailed to whoever has
// an address, for a purpose, as if it had been asked for at this moment.
func (w *World) LinkTo(t testing.TB, email string, purpose user.Purpose) string {
	t.Helper()
	return w.LinkOf(t, w.PersonAt(t, email), purpose)
}

// LinkOf is LinkTo for a person.
func (w *World) LinkOf(t testing.TB, person domain.UserID, purpose user.Purpose) string {
	t.Helper()
	loaded, err := w.Store.Load(t.Context(), eventstore.Scope{User: person}, user.Stream(person))
	require.NoError(t, err)
	known := domain.Fact[*user.User](loaded.Facts, user.Stream(person))
	return user.NewLinkToken(InvitationKey, known.LinkFor(person, purpose, w.Clock.Now())).Reveal()
}

// Elsewhere is the same Behalf behind another server, with something changed.
func (w *World) Elsewhere(t testing.TB, change func(*api.Deps)) *World {
	t.Helper()
	server := httptest.NewServer(w.Handler(t, change))
	t.Cleanup(server.Close)
	other := *w
	other.URL = server.URL
	return &other
}
