package mastodon

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"behalf/internal/networks"
	"behalf/internal/networks/codeflow"
	"behalf/internal/networks/outcome"
)

// Authorize implements networks.Connector.
func (c *Connector) Authorize(ctx context.Context, r networks.AuthRequest) (networks.AuthStart, error) {
	if r.RedirectURI == "" {
		return networks.AuthStart{}, errors.New("an authorization needs a redirect URI")
	}
	base, err := c.discover(ctx, r.Host)
	if err != nil {
		return networks.AuthStart{}, err
	}
	redirect := redirectFrom(r.RedirectURI, base)
	client, err := c.registered(ctx, base, redirect)
	if err != nil {
		return networks.AuthStart{}, err
	}
	state := rand.Text()
	query := url.Values{
		"response_type": {"code"}, "client_id": {client.ClientID}, "redirect_uri": {redirect}, "scope": {scopes}, "state": {state},
	}
	pending := networks.Pending{State: networks.NewSecret(state), RedirectURI: redirect, Host: base}
	knows, err := c.knowsPKCE(ctx, base)
	if err != nil {
		return networks.AuthStart{}, err
	}
	if knows {
		verifier := oauth2.GenerateVerifier()
		pending.Verifier = networks.NewSecret(verifier)
		query.Set("code_challenge", oauth2.S256ChallengeFromVerifier(verifier))
		query.Set("code_challenge_method", "S256")
	}
	return networks.AuthStart{URL: base + "/oauth/authorize?" + query.Encode(), State: state, Pending: pending}, nil
}

// redirectFrom is where one server sends people back to. Each has its own: a
// hostile one that sends people on to another server, whose code then came back
// as the answer of its own, would be handed that code (RFC 9700, section 4.4).
func redirectFrom(redirect, base string) string {
	sum := sha256.Sum256([]byte(base))
	return redirect + "/" + hex.EncodeToString(sum[:8])
}

// Exchange implements networks.Connector. The code goes to the server that the
// authorization was begun with, and to no other. A server that no longer knows
// this installation is registered with anew, for the next try.
func (c *Connector) Exchange(ctx context.Context, cb networks.Callback) (networks.Credential, error) {
	if err := answered(cb); err != nil {
		return networks.Credential{}, err
	}
	base := cb.Pending.Host
	client, err := c.registered(ctx, base, cb.Pending.RedirectURI)
	if err != nil {
		return networks.Credential{}, err
	}
	form := url.Values{
		"grant_type": {"authorization_code"}, "code": {cb.Query.Get("code")}, "redirect_uri": {cb.Pending.RedirectURI}, "scope": {scopes},
	}
	if !cb.Pending.Verifier.IsZero() {
		form.Set("code_verifier", cb.Pending.Verifier.Reveal())
	}
	credential, err := c.token(ctx, networks.CallExchange, base, client, form)
	if networks.CodeOf(err) == "invalid_client" {
		if _, err := c.register(ctx, base, cb.Pending.RedirectURI); err != nil {
			return networks.Credential{}, err
		}
		return networks.Credential{}, &networks.Failure{
			Kind: networks.Reauth, Code: "registered_anew", Detail: "The Mastodon server had forgotten this installation. Start again.",
		}
	}
	return credential, err
}

// answered checks what the person brought back.
func answered(cb networks.Callback) error {
	state := cb.Query.Get("state")
	if cb.Pending.State.IsZero() || subtle.ConstantTimeCompare([]byte(state), []byte(cb.Pending.State.Reveal())) != 1 {
		return &networks.Failure{
			Kind: networks.Rejected, Code: "state_mismatch",
			Detail: "This answer does not belong to the authorization that was started here. Start again.",
		}
	}
	// A server that names itself (RFC 9207) has to be the one that was asked.
	if issuer := cb.Query.Get("iss"); issuer != "" && strings.TrimSuffix(issuer, "/") != cb.Pending.Host {
		return &networks.Failure{
			Kind: networks.Rejected, Code: "server_mismatch",
			Detail: "This answer comes from another server than the one that was asked. Start again.",
		}
	}
	switch code := cb.Query.Get("error"); {
	case code == "access_denied":
		return &networks.Failure{Kind: networks.Denied, Code: code, Detail: "Access was not allowed on the Mastodon server."}
	case code == "temporarily_unavailable" || code == "server_error":
		return outcome.Unclear(title, networks.CallRead, code)
	case code == "unauthorized_client" || code == "invalid_scope" || code == "invalid_client" || code == "invalid_request":
		return misconfigured.Failure(code)
	case cb.Query.Get("code") == "":
		return &networks.Failure{
			Kind: networks.Rejected, Code: "malformed_callback", Detail: "The Mastodon server's answer could not be understood. Start again.",
		}
	}
	return nil
}

// token makes a call to the token endpoint.
func (c *Connector) token(
	ctx context.Context, kind networks.Call, base string, client networks.Registration, form url.Values,
) (networks.Credential, error) {
	form.Set("client_id", client.ClientID)
	form.Set("client_secret", client.ClientSecret.Reveal())
	var made struct {
		Access  string `json:"access_token"`
		Refresh string `json:"refresh_token"`
		Type    string `json:"token_type"`
		Expires int64  `json:"expires_in"`
		Scope   string `json:"scope"`
	}
	err := c.do(ctx, call{kind: kind, method: http.MethodPost, base: base, path: "/oauth/token", form: form}, &made)
	if err != nil {
		return networks.Credential{}, err
	}
	if made.Access == "" || !strings.EqualFold(made.Type, "bearer") {
		return networks.Credential{}, outcome.Unclear(title, kind, "unreadable_answer")
	}
	if kind == networks.CallExchange && made.Scope != "" { // docs.joinmastodon.org/entities/Token
		if failure := codeflow.Missing(title, strings.Fields(scopes), codeflow.Told(made.Scope)); failure != nil {
			return networks.Credential{}, failure
		}
	}
	tokens := networks.OAuth2{AccessToken: networks.NewSecret(made.Access), RefreshToken: networks.NewSecret(made.Refresh), Host: base}
	if made.Expires > 0 { // Mastodon's own tokens do not expire
		tokens.Expiry = time.Now().UTC().Add(time.Duration(min(made.Expires, 1<<30)) * time.Second).Round(time.Second)
	}
	return networks.NewOAuth2(tokens), nil
}

// Refresh implements networks.Connector, for servers whose tokens expire.
func (c *Connector) Refresh(ctx context.Context, old networks.Credential) (networks.Credential, error) {
	stored, ok := old.OAuth2()
	if !ok || stored.RefreshToken.IsZero() {
		return networks.Credential{}, &networks.Failure{
			Kind: networks.Reauth, Code: "no_refresh_token",
			Detail: "This connection cannot be renewed by itself. Connect the account again.",
		}
	}
	client, err := c.known(ctx, stored.Host)
	if err != nil {
		return networks.Credential{}, err
	}
	renewed, err := c.token(ctx, networks.CallRefresh, stored.Host, client, url.Values{
		"grant_type": {"refresh_token"}, "refresh_token": {stored.RefreshToken.Reveal()},
	})
	if err != nil {
		return networks.Credential{}, err
	}
	tokens, _ := renewed.OAuth2()
	if tokens.RefreshToken.IsZero() { // never erases the stored one (R46)
		tokens.RefreshToken = stored.RefreshToken
	}
	return networks.NewOAuth2(tokens), nil
}

// known is the registration that a credential was made with.
func (c *Connector) known(ctx context.Context, base string) (networks.Registration, error) {
	client, found, err := c.registrations.Registration(ctx, Name, base)
	if err == nil && !found {
		err = misconfigured.Failure("no_registration")
	}
	return client, err
}

// Revoke implements networks.Connector.
func (c *Connector) Revoke(ctx context.Context, credential networks.Credential) error {
	tokens, ok := credential.OAuth2()
	if !ok {
		return errors.New("this connection was not made with a Mastodon server")
	}
	client, err := c.known(ctx, tokens.Host)
	if err != nil {
		return err
	}
	return c.do(ctx, call{
		kind: networks.CallDelete, method: http.MethodPost, base: tokens.Host, path: "/oauth/revoke",
		form: url.Values{"client_id": {client.ClientID}, "client_secret": {client.ClientSecret.Reveal()}, "token": {tokens.AccessToken.Reveal()}},
	}, nil)
}

type account struct {
	ID        string `json:"id"`
	Username  string `json:"username"`
	Name      string `json:"display_name"`
	URL       string `json:"url"`
	Suspended bool   `json:"suspended"`
}

// Accounts implements networks.Connector: the one account.
func (c *Connector) Accounts(ctx context.Context, credential networks.Credential) ([]networks.Account, error) {
	tokens, ok := credential.OAuth2()
	if !ok {
		_, _, err := open(networks.Session{Credential: credential})
		return nil, err
	}
	found, err := c.me(ctx, tokens)
	if err != nil {
		return nil, err
	}
	return []networks.Account{found}, nil
}

// me asks whose token it is.
func (c *Connector) me(ctx context.Context, tokens networks.OAuth2) (networks.Account, error) {
	var read account
	err := c.do(ctx, call{
		kind: networks.CallRead, method: http.MethodGet, base: tokens.Host, path: "/api/v1/accounts/verify_credentials", token: tokens.AccessToken,
	}, &read)
	switch {
	case err != nil:
		return networks.Account{}, err
	case read.ID == "" || read.Username == "":
		return networks.Account{}, outcome.Unclear(title, networks.CallRead, "unreadable_answer")
	case read.Suspended:
		return networks.Account{}, &networks.Failure{
			Kind: networks.NoPermission, Code: "suspended", Detail: "The account is suspended on the Mastodon server.",
		}
	}
	host := tokens.Host[strings.Index(tokens.Host, "://")+3:]
	return networks.Account{RemoteID: remote(tokens.Host, read.ID), Name: "@" + read.Username + "@" + host, URL: read.URL}, nil
}

// VerifyAccess implements networks.Connector: whose token it is may post.
func (c *Connector) VerifyAccess(ctx context.Context, s networks.Session) (networks.Access, error) {
	tokens, _, err := open(s)
	if err != nil {
		return networks.Access{}, err
	}
	if s.Identity != "" {
		return networks.Access{}, &networks.Failure{
			Kind: networks.NoPermission, Code: "unknown_identity", Detail: "Mastodon knows no posting identities.",
		}
	}
	found, err := c.me(ctx, tokens)
	if err != nil {
		return networks.Access{}, err
	}
	if found.RemoteID != s.Account {
		return networks.Access{}, &networks.Failure{
			Kind: networks.NoPermission, Code: "another_account", Detail: "This connection is for another account of the server.",
		}
	}
	return networks.Access{Account: found, Person: networks.Person{RemoteID: found.RemoteID, Name: found.Name}}, nil
}
