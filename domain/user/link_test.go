package user

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
)

var linkKey = [32]byte{1, 2, 3}

func TestLinkTokensStandForTheirLink(t *testing.T) {
	t.Parallel()
	for _, purpose := range []Purpose{ToVerify, ToChangeAddress, ToResetPassword} {
		link := Link{Person: scenario.Carl, Purpose: purpose, Generation: 3, Expires: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}
		token := NewLinkToken(linkKey, link)
		read, genuine := token.Prove(linkKey)
		require.True(t, genuine)
		require.Equal(t, link, read)
		_, genuine = token.Prove([32]byte{9})
		require.False(t, genuine, "another key's")
	}
}

// Whatever bit of a token is changed, it proves nothing.
func TestForgedLinkTokens(t *testing.T) {
	t.Parallel()
	token := NewLinkToken(linkKey, Link{Person: scenario.Carl, Purpose: ToResetPassword, Generation: 1, Expires: time.Unix(1e9, 0)})
	raw, err := base64.RawURLEncoding.DecodeString(token.Reveal())
	require.NoError(t, err)
	for i := range len(raw) * 8 {
		raw[i/8] ^= 1 << (i % 8)
		_, genuine := LinkToken(base64.RawURLEncoding.EncodeToString(raw)).Prove(linkKey)
		require.False(t, genuine, "bit %d", i)
		raw[i/8] ^= 1 << (i % 8)
	}
	for _, malformed := range []string{"", "A", "not base64 ==", token.Reveal() + "AAAA", token.Reveal()[4:]} {
		_, genuine := LinkToken(malformed).Prove(linkKey)
		require.False(t, genuine, "%q", malformed)
	}
	unknown := NewLinkToken(linkKey, Link{Person: scenario.Carl, Purpose: "something else", Generation: 1})
	_, genuine := unknown.Prove(linkKey)
	require.False(t, genuine, "a purpose that nobody knows")
}

func TestLinkTokensDoNotPrint(t *testing.T) {
	t.Parallel()
	token := NewLinkToken(linkKey, Link{Person: scenario.Carl, Purpose: ToVerify, Generation: 1})
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		require.NotContains(t, fmt.Sprintf(verb, token), token.Reveal()[:8], verb)
	}
	written, err := json.Marshal(struct{ Token LinkToken }{token})
	require.NoError(t, err)
	require.NotContains(t, string(written), token.Reveal())
}

// What is said of a link, whatever it is for.
func TestWhichLinksOpen(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for _, purpose := range []Purpose{ToVerify, ToChangeAddress, ToResetPassword} {
		u := User{
			Registered: true, Verification: 2, Change: 2, Reset: 2, ResetOpen: true,
			Pending: says(scenario.Carl, "new@example.com"),
		}
		done := User{Registered: true, Verified: true, Verification: 2, Change: 2, Reset: 2}
		link := u.LinkFor(scenario.Carl, purpose, now)
		require.Equal(t, 2, link.Generation)
		require.Equal(t, now.Add(purpose.Life()), link.Expires)
		require.NoError(t, u.Opens(link, purpose, now))
		require.NoError(t, u.Opens(link, purpose, link.Expires.Add(-time.Nanosecond)))
		says := func(u User, link Link, code string, now time.Time) {
			t.Helper()
			require.ErrorIs(t, u.Opens(link, purpose, now), &domain.Refusal{Code: code}, purpose)
		}
		says(u, link, "link_expired", link.Expires)
		says(done, link, "link_used", now)
		says(done, link, "link_used", link.Expires)
		older, later, other, nothing := link, link, link, Link{}
		older.Generation, later.Generation, other.Purpose = 1, 3, "something else"
		says(u, older, "link_superseded", now)
		says(u, later, "not_found", now)
		says(u, other, "not_found", now)
		says(u, nothing, "not_found", now)
		says(User{Erased: true}, link, "not_found", now)
	}
	require.Zero(t, Purpose("something else").Life())
}

func FuzzLinkToken(f *testing.F) {
	f.Add(NewLinkToken(linkKey, Link{Person: scenario.Carl, Purpose: ToVerify, Generation: 1}).Reveal())
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		link, genuine := LinkToken(text).Prove(linkKey)
		if !genuine {
			require.Zero(t, link)
			return
		}
		require.Equal(t, text, NewLinkToken(linkKey, link).Reveal())
	})
}
