//go:build networks

package realtest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/bluesky"
	"behalf/internal/networks/fake"
)

// pds is a real PDS, behind something that can break connections.
type pds struct {
	*fake.Server
	direct, directory string
}

// startPDS runs the modules that install.sh put where BEHALF_TEST_PDS says.
func startPDS(t *testing.T) pds {
	t.Helper()
	modules := os.Getenv("BEHALF_TEST_PDS")
	require.NotEmpty(t, modules, "BEHALF_TEST_PDS names no folder: run make test-networks")
	here, err := os.Getwd()
	require.NoError(t, err)
	number, directory := port(t), port(t)
	run(t, nil, t.TempDir(), filepath.Join(modules, "node"), filepath.Join(here, "pds.mjs"), modules, t.TempDir(), number, directory)
	direct := "http://localhost:" + number
	answers(t, direct+"/xrpc/_health")
	return pds{before(t, direct), direct, "http://127.0.0.1:" + directory}
}

// call makes a call that Behalf never makes: registering people, making app passwords.
func (p pds) call(t *testing.T, method, token string, body map[string]string) (answer map[string]any) {
	t.Helper()
	var text bytes.Buffer
	if body != nil { // some calls want none
		require.NoError(t, json.NewEncoder(&text).Encode(body))
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.direct+"/xrpc/"+method, &text)
	require.NoError(t, err)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	require.Equal(t, http.StatusOK, response.StatusCode, method)
	_ = json.NewDecoder(response.Body).Decode(&answer)
	return answer
}

// register answers a person's own token.
func (p pds) register(t *testing.T, handle string) string {
	t.Helper()
	made := p.call(t, "com.atproto.server.createAccount", "", map[string]string{
		"email": handle + "@example.com", "handle": handle, "password": handle + "-password",
	})
	return made["accessJwt"].(string)
}

func (p pds) password(t *testing.T, token, name string) string {
	t.Helper()
	return p.call(t, "com.atproto.server.createAppPassword", token, map[string]string{"name": name})["password"].(string)
}

func (p pds) connected(t *testing.T, c *bluesky.Connector, handle, password string) (networks.Session, error) {
	t.Helper()
	start, err := c.Authorize(t.Context(), networks.AuthRequest{RedirectURI: redirect})
	require.NoError(t, err)
	credential, err := c.Exchange(t.Context(), networks.Callback{Pending: start.Pending, Fields: map[string]networks.Secret{
		"handle": networks.NewSecret(handle), "password": networks.NewSecret(password),
	}})
	if err != nil {
		return networks.Session{}, err
	}
	accounts, err := c.Accounts(t.Context(), credential)
	require.NoError(t, err)
	return networks.Session{Credential: credential, Account: accounts[0].RemoteID}, nil
}

// through sends a session's calls by way of what can break them.
func (p pds) through(s networks.Session) networks.Session {
	pair, _ := s.Credential.SessionPair()
	pair.Host = p.URL
	s.Credential = networks.NewSessionPair(pair)
	return s
}

func TestBluesky(t *testing.T) {
	p := startPDS(t)
	c := bluesky.New(bluesky.Config{Host: p.direct, Directory: p.directory, Guard: loopback, Wire: patient})
	t.Cleanup(c.Close)
	own := p.register(t, "olivia.test")
	carls := p.register(t, "carl.test")

	// Two people connect; the account's own password is sent nowhere, and a wrong one is refused.
	_, err := p.connected(t, c, "olivia.test", "olivia.test-password")
	require.Equal(t, networks.Rejected, networks.KindOf(err))
	_, err = p.connected(t, c, "olivia.test", "aaaa-bbbb-cccc-dddd")
	require.Equal(t, networks.Reauth, networks.KindOf(err))
	olivia, err := p.connected(t, c, "@olivia.test", p.password(t, own, "behalf"))
	require.NoError(t, err)
	pair, _ := olivia.Credential.SessionPair()
	require.Equal(t, p.direct, pair.Host, "found by handle, directory and document")
	carl, err := p.connected(t, c, "carl.test", p.password(t, carls, "behalf"))
	require.NoError(t, err)

	// Mode owner and mode member are whose session it is; nobody posts into somebody else's account.
	forged := carl
	forged.Account = olivia.Account
	_, err = c.VerifyAccess(t.Context(), forged)
	require.Equal(t, networks.NoPermission, networks.KindOf(err))
	carlsPair, _ := carl.Credential.SessionPair()
	carlsPair.Subject = olivia.Account
	forged.Credential = networks.NewSessionPair(carlsPair)
	_, err = c.Publish(t.Context(), forged, networks.Attempt{Key: "forged", Content: networks.Content{Text: "forged"}})
	require.Equal(t, networks.NoPermission, networks.KindOf(err), "the server refuses it, too")

	text := "Grüße an @carl.test, nicht an @nobody.test: #Neues 👩‍👩‍👧"
	live := publishes(t, c, olivia, attempt(t, "Key_-1", text))
	_ = publishes(t, c, carl, attempt(t, "Key_-1", "From a member"))
	record := p.record(t, olivia.Account, live)
	require.Contains(t, record, `"did":"`+carl.Account+`"`)
	require.Contains(t, record, `app.bsky.richtext.facet#tag`)
	require.Contains(t, record, `app.bsky.embed.images`)
	card := attempt(t, "card", "Without a picture")
	card.Content.Media = nil
	require.Contains(t, p.record(t, olivia.Account, publishes(t, c, olivia, card)), `app.bsky.embed.external`)

	p.refuses(t, c, olivia)
	findsOut(t, c, p.through(olivia), p.Server, fake.Fault{On: "POST /xrpc/com.atproto.repo.putRecord"})

	// Renewing, reauthentication: the app password is taken away, the person connects again.
	renewed, err := c.Refresh(t.Context(), olivia.Credential)
	require.NoError(t, err)
	require.False(t, renewed.ExpiresAt().Before(olivia.Credential.ExpiresAt()))
	_, err = c.Refresh(t.Context(), olivia.Credential)
	require.NoError(t, err, "the old refresh token is accepted right after")
	olivia.Credential = renewed
	p.call(t, "com.atproto.server.revokeAppPassword", own, map[string]string{"name": "behalf"})
	_, err = c.Refresh(t.Context(), olivia.Credential)
	require.Equal(t, networks.Reauth, networks.KindOf(err))
	again, err := p.connected(t, c, "olivia.test", p.password(t, own, "behalf-again"))
	require.NoError(t, err)
	require.Equal(t, olivia.Account, again.Account, "R46: the same account")
	_ = publishes(t, c, again, attempt(t, "after", "After reauthentication"))

	require.NoError(t, c.Delete(t.Context(), again, live.RemoteID))
	require.NoError(t, c.Delete(t.Context(), again, live.RemoteID))
	require.NoError(t, c.Revoke(t.Context(), again.Credential))
	require.NoError(t, c.Revoke(t.Context(), again.Credential))
	_, err = c.Refresh(t.Context(), again.Credential)
	require.Equal(t, networks.Reauth, networks.KindOf(err))
}

func (p pds) refuses(t *testing.T, c *bluesky.Connector, s networks.Session) {
	t.Helper()
	limits, err := c.Limits(t.Context(), s.Account)
	require.NoError(t, err)
	for key, longest := range map[string]string{"umlauts": strings.Repeat("ä", limits.Text.Max), "families": strings.Repeat("👩‍👩‍👧", 166)} {
		a := networks.Attempt{Key: key, Content: networks.Content{Text: longest}}
		require.Empty(t, limits.Check(a.Content))
		_, err = c.Publish(t.Context(), s, a)
		require.NoError(t, err)
		a.Content.Text += longest[:len(longest)/2]
		a.Key += "-more"
		require.NotEmpty(t, limits.Check(a.Content))
		_, err = c.Publish(t.Context(), s, a)
		require.Equal(t, networks.Rejected, networks.KindOf(err), "counted as the server counts")
	}
	pair, _ := s.Credential.SessionPair()
	pair.Access = networks.NewSecret("nonsense")
	s.Credential = networks.NewSessionPair(pair)
	_, err = c.VerifyAccess(t.Context(), s)
	require.Equal(t, networks.Reauth, networks.KindOf(err))
}

// record is a post as the server keeps it.
func (p pds) record(t *testing.T, did string, live networks.Published) (found string) {
	t.Helper()
	key := live.RemoteID[strings.LastIndexByte(live.RemoteID, '/')+1:]
	until(t, "the record", func(ctx context.Context) error {
		address := fmt.Sprintf("%s/xrpc/com.atproto.repo.getRecord?repo=%s&collection=app.bsky.feed.post&rkey=%s", p.direct, did, key)
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			return err
		}
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			return err
		}
		defer func() { _ = response.Body.Close() }()
		var text bytes.Buffer
		_, err = text.ReadFrom(response.Body)
		if found = text.String(); response.StatusCode != http.StatusOK {
			return errors.Join(err, errors.New(found))
		}
		return err
	})
	return found
}
