package invitation_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/workspace/invitation"
)

var (
	tokenKey  = [32]byte{0: 1, 31: 2}
	tokenLink = invitation.Link{Invitation: domain.InvitationID{0: 9, 15: 9}, Generation: 3}
)

func TestTokenProvesItsLink(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.SliceOfN(rapid.Byte(), 64, 64).Draw(t, "key, workspace, invitation")
		key, ws := [32]byte(raw[:32]), domain.WorkspaceID(raw[32:48])
		link := invitation.Link{
			Invitation: domain.InvitationID(raw[48:]),
			Generation: rapid.IntRange(1, 1<<31).Draw(t, "generation"),
		}
		token := invitation.NewToken(key, ws, link)

		provenWorkspace, provenLink, genuine := token.Prove(key)
		require.True(t, genuine)
		require.Equal(t, ws, provenWorkspace)
		require.Equal(t, link, provenLink)
		require.Equal(t, token, invitation.NewToken(key, ws, link), "the same link has the same token")
		require.Regexp(t, `^[A-Za-z0-9_-]+$`, token.Reveal(), "it fits into a path")
	})
}

func TestTokenOfAnotherKeyProvesNothing(t *testing.T) {
	t.Parallel()
	ws, link, genuine := invitation.NewToken(tokenKey, scenario.Acme, tokenLink).Prove([32]byte{0: 1, 31: 3})
	require.False(t, genuine)
	require.Zero(t, ws)
	require.Zero(t, link)
}

func TestTokensOfDifferentLinksDiffer(t *testing.T) {
	t.Parallel()
	tokens := map[invitation.Token]bool{
		invitation.NewToken(tokenKey, scenario.Acme, tokenLink):                                                        true,
		invitation.NewToken(tokenKey, domain.WorkspaceID{1: 1}, tokenLink):                                             true,
		invitation.NewToken(tokenKey, scenario.Acme, invitation.Link{Invitation: tokenLink.Invitation, Generation: 4}): true,
		invitation.NewToken(tokenKey, scenario.Acme, invitation.Link{Generation: 3}):                                   true,
		invitation.NewToken([32]byte{}, scenario.Acme, tokenLink):                                                      true,
	}
	require.Len(t, tokens, 5)
}

// Whatever byte of a token is changed, it proves nothing: not another
// workspace, invitation or generation, and not the same one either.
func TestForgedTokenProvesNothing(t *testing.T) {
	t.Parallel()
	raw, err := base64.RawURLEncoding.DecodeString(invitation.NewToken(tokenKey, scenario.Acme, tokenLink).Reveal())
	require.NoError(t, err)
	for i := range raw {
		forged := bytes.Clone(raw)
		forged[i] ^= 0x10
		_, _, genuine := invitation.Token(base64.RawURLEncoding.EncodeToString(forged)).Prove(tokenKey)
		require.False(t, genuine, "byte %d", i)
	}
	for length := range raw {
		_, _, genuine := invitation.Token(base64.RawURLEncoding.EncodeToString(raw[:length])).Prove(tokenKey)
		require.False(t, genuine, "cut to %d bytes", length)
	}
	_, _, genuine := invitation.Token(base64.RawURLEncoding.EncodeToString(append(raw, 0))).Prove(tokenKey)
	require.False(t, genuine, "one byte more")
}

func TestTokenNeverPrints(t *testing.T) {
	t.Parallel()
	token := invitation.NewToken(tokenKey, scenario.Acme, tokenLink)
	accept := invitation.AcceptInvitation{Token: token}
	var printed strings.Builder
	for _, value := range []any{token, &token, accept, &accept, []invitation.Token{token}, map[string]any{"token": token}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%e", "%c", "%U"} {
			fmt.Fprintf(&printed, verb+"\n", value)
		}
		fmt.Fprintln(&printed, value, fmt.Errorf("refused: %v", value))
		for _, handler := range []slog.Handler{slog.NewJSONHandler(&printed, nil), slog.NewTextHandler(&printed, nil)} {
			slog.New(handler).Info("accept", "value", value)
		}
		require.NoError(t, json.NewEncoder(&printed).Encode(value))
	}
	require.Contains(t, printed.String(), "[secret]")
	require.NotContains(t, printed.String(), token.Reveal())
	require.NotContains(t, strings.ToLower(printed.String()), fmt.Sprintf("%x", token.Reveal()), "nor as hexadecimal digits")
}

func TestTokenIsReadFromJSON(t *testing.T) {
	t.Parallel()
	token := invitation.NewToken(tokenKey, scenario.Acme, tokenLink)
	var accept invitation.AcceptInvitation
	require.NoError(t, json.Unmarshal([]byte(`{"token":"`+token.Reveal()+`"}`), &accept))

	_, link, genuine := accept.Token.Prove(tokenKey)
	require.True(t, genuine)
	require.Equal(t, tokenLink, link)
}

func FuzzProve(f *testing.F) {
	f.Add(invitation.NewToken(tokenKey, scenario.Acme, tokenLink).Reveal())
	f.Add(invitation.NewToken([32]byte{}, scenario.Acme, tokenLink).Reveal())
	f.Add("")
	f.Add("====")
	f.Fuzz(func(t *testing.T, text string) {
		ws, link, genuine := invitation.Token(text).Prove(tokenKey)
		if !genuine {
			require.Zero(t, ws)
			require.Zero(t, link)
			return
		}
		want, err := base64.RawURLEncoding.DecodeString(invitation.NewToken(tokenKey, ws, link).Reveal())
		require.NoError(t, err)
		got, err := base64.RawURLEncoding.DecodeString(text)
		require.NoError(t, err)
		require.Equal(t, want, got, "only what was derived from the key proves anything")
	})
}
