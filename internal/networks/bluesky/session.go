package bluesky

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"time"

	"behalf/internal/networks"
	"behalf/internal/networks/outcome"
)

const (
	fieldHandle   = "handle"
	fieldPassword = "password"
	fieldHost     = "host"
)

// appPassword is the form that Bluesky's servers make app passwords in. What
// has another form is most likely the password of the whole account, which is
// sent nowhere.
var appPassword = regexp.MustCompile(`^[a-z0-9]{4}(-[a-z0-9]{4}){3}$`)

// Authorize implements networks.Connector: a form.
func (c *Connector) Authorize(_ context.Context, r networks.AuthRequest) (networks.AuthStart, error) {
	state := rand.Text()
	host := ""
	if r.Host != "" {
		var err error
		if host, err = c.guard.Base(r.Host); err != nil {
			return networks.AuthStart{}, err
		}
	}
	return networks.AuthStart{
		State: state, Pending: networks.Pending{State: networks.NewSecret(state), RedirectURI: r.RedirectURI, Host: host},
		Form: []networks.Field{
			{Name: fieldHandle, Label: "Handle", Help: "As in name.bsky.social.", MaxLength: 253},
			{
				Name: fieldPassword, Label: "App password", Secret: true, MaxLength: 100,
				Help: "Make one on Bluesky under Settings, Privacy and security, App passwords. Your own password does not work here.",
			},
			{Name: fieldHost, Label: "Server", Help: "Only if your account is on a server that cannot be found by its handle.", Optional: true, MaxLength: 253},
		},
	}, nil
}

// session is what opening and renewing one answers.
type session struct {
	Access  string `json:"accessJwt"`
	Refresh string `json:"refreshJwt"`
	DID     string `json:"did"`
	Handle  string `json:"handle"`
	Active  *bool  `json:"active"`
}

// Exchange implements networks.Connector: it opens a session with the app password.
func (c *Connector) Exchange(ctx context.Context, cb networks.Callback) (networks.Credential, error) {
	if cb.Pending.State.IsZero() {
		return networks.Credential{}, &networks.Failure{
			Kind: networks.Rejected, Code: "state_mismatch", Detail: "This form was not asked for here. Start again.",
		}
	}
	identifier := strings.TrimPrefix(strings.TrimSpace(cb.Fields[fieldHandle].Reveal()), "@")
	password := strings.TrimSpace(cb.Fields[fieldPassword].Reveal())
	if identifier == "" || len(identifier) > 253 {
		return networks.Credential{}, &networks.Failure{Kind: networks.Rejected, Code: "no_handle", Detail: "The handle is missing."}
	}
	if !appPassword.MatchString(password) {
		return networks.Credential{}, &networks.Failure{
			Kind: networks.Rejected, Code: "no_app_password",
			Detail: "This is not an app password, which has four groups of four letters. Make one in the settings of Bluesky.",
		}
	}
	typed := cb.Fields[fieldHost].Reveal()
	if typed == "" {
		typed = cb.Pending.Host
	}
	host, err := c.locate(ctx, identifier, typed)
	if err != nil {
		return networks.Credential{}, err
	}
	var opened session
	err = c.tell(ctx, call{
		kind: networks.CallExchange, host: host, name: "com.atproto.server.createSession",
		body: map[string]string{"identifier": identifier, "password": password},
	}, &opened)
	if err != nil {
		return networks.Credential{}, err
	}
	credential, err := opened.credential(networks.CallExchange, host)
	if err != nil {
		return networks.Credential{}, err
	}
	pair, _ := credential.SessionPair()
	if pair.Host, err = c.home(ctx, pair.Subject, host); err != nil {
		return networks.Credential{}, err
	}
	return networks.NewSessionPair(pair), nil
}

// Refresh implements networks.Connector.
func (c *Connector) Refresh(ctx context.Context, old networks.Credential) (networks.Credential, error) {
	pair, ok := old.SessionPair()
	if !ok || pair.Refresh.IsZero() {
		return networks.Credential{}, ended.Failure("no_refresh_token")
	}
	var renewed session
	err := c.tell(ctx, call{
		kind: networks.CallRefresh, host: pair.Host, name: "com.atproto.server.refreshSession", token: pair.Refresh,
	}, &renewed)
	if err != nil {
		return networks.Credential{}, err
	}
	if renewed.DID != pair.Subject {
		return networks.Credential{}, outcome.Unclear(title, networks.CallRefresh, "unreadable_answer")
	}
	if renewed.Refresh == "" { // never erases the stored one (R46)
		renewed.Refresh = pair.Refresh.Reveal()
	}
	return renewed.credential(networks.CallRefresh, pair.Host)
}

func (s session) credential(call networks.Call, host string) (networks.Credential, error) {
	if s.Access == "" || s.Refresh == "" || !did.MatchString(s.DID) {
		return networks.Credential{}, outcome.Unclear(title, call, "unreadable_answer")
	}
	if s.Active != nil && !*s.Active {
		return networks.Credential{}, suspended.Failure("AccountDeactivated")
	}
	return networks.NewSessionPair(networks.SessionPair{
		Host: host, Subject: s.DID, Access: networks.NewSecret(s.Access), Refresh: networks.NewSecret(s.Refresh), Expiry: expiry(s.Access),
	}), nil
}

// defaultLifetime is what a token is given that does not say when it expires.
const defaultLifetime = time.Hour

// expiry reads the end out of a token, which the server alone can verify: who
// gave it a wrong one is refused earlier or later than expected.
func expiry(token string) time.Time {
	parts := strings.Split(token, ".")
	var claims struct {
		Expires int64 `json:"exp"`
	}
	if len(parts) == 3 {
		text, err := base64.RawURLEncoding.DecodeString(parts[1])
		if err == nil && json.Unmarshal(text, &claims) == nil && claims.Expires > 0 {
			return time.Unix(claims.Expires, 0).UTC()
		}
	}
	return time.Now().UTC().Add(defaultLifetime).Round(time.Second)
}

// Revoke implements networks.Connector: it ends the session. The access token
// is good until it expires by itself, after two hours; the app password can be
// removed by its owner alone.
func (c *Connector) Revoke(ctx context.Context, credential networks.Credential) error {
	pair, ok := credential.SessionPair()
	if !ok {
		return errors.New("this connection was not made with Bluesky")
	}
	err := c.tell(ctx, call{
		kind: networks.CallDelete, host: pair.Host, name: "com.atproto.server.deleteSession", token: pair.Refresh,
	}, nil)
	if networks.KindOf(err) == networks.Reauth {
		return nil // ended already
	}
	return err
}

// Accounts implements networks.Connector: the one account.
func (c *Connector) Accounts(ctx context.Context, credential networks.Credential) ([]networks.Account, error) {
	pair, _ := credential.SessionPair()
	access, err := c.VerifyAccess(ctx, networks.Session{Credential: credential, Account: pair.Subject})
	if err != nil {
		return nil, err
	}
	return []networks.Account{access.Account}, nil
}

// VerifyAccess implements networks.Connector: whose session it is may post.
func (c *Connector) VerifyAccess(ctx context.Context, s networks.Session) (networks.Access, error) {
	pair, err := open(s)
	if err != nil {
		return networks.Access{}, err
	}
	if s.Identity != "" {
		return networks.Access{}, &networks.Failure{
			Kind: networks.NoPermission, Code: "unknown_identity", Detail: "Bluesky knows no posting identities.",
		}
	}
	var read session
	err = c.ask(ctx, call{
		kind: networks.CallRead, host: pair.Host, name: "com.atproto.server.getSession", token: pair.Access,
	}, &read)
	switch {
	case err != nil:
		return networks.Access{}, err
	case read.DID != pair.Subject:
		return networks.Access{}, outcome.Unclear(title, networks.CallRead, "unreadable_answer")
	case read.Active != nil && !*read.Active:
		return networks.Access{}, suspended.Failure("AccountDeactivated")
	}
	return networks.Access{
		Account: networks.Account{RemoteID: read.DID, Name: read.Handle, URL: "https://bsky.app/profile/" + read.DID},
		Person:  networks.Person{RemoteID: read.DID, Name: read.Handle},
	}, nil
}
