package wordpress

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"behalf/internal/networks"
)

const (
	// appName is what people see in their profile on the site, with the day and
	// something that tells two of a day apart: a site refuses a name that one of the
	// person's passwords has already (class-wp-application-passwords.php: "Each
	// application name should be unique"), and a person connects again, or in another
	// workspace, while the old one stands.
	appName = "Behalf"
	// appID names this program on every site (a UUID, as the documentation asks
	// for); made once, for this purpose.
	appID = "5c3b1d0e-6f0a-4f0e-9c53-6f4f1d8f2f57"

	fieldUser     = "user"
	fieldPassword = "password"
	maxUser       = 60  // characters: what WordPress keeps of a user name
	maxPassword   = 100 // characters: 24, and the spaces that it is shown with
)

// Authorize implements networks.Connector: a redirect to the site's own page
// where it has one, else a form.
func (c *Connector) Authorize(ctx context.Context, r networks.AuthRequest) (networks.AuthStart, error) {
	site, err := c.discover(ctx, r.Host)
	if err != nil {
		return networks.AuthStart{}, err
	}
	state := rand.Text()
	start := networks.AuthStart{State: state, Pending: networks.Pending{
		State: networks.NewSecret(state), RedirectURI: r.RedirectURI, Host: site.base,
	}}
	if start.URL = c.page(site, r.RedirectURI, state); start.URL == "" {
		start.Form = form
	}
	return start, nil
}

// form is for sites that do not offer the redirect: those without it, and those
// whose pages for signing in are at another host.
var form = []networks.Field{
	{Name: fieldUser, Label: "User name", Help: "The name that you sign in to the WordPress site with.", MaxLength: maxUser},
	{
		Name: fieldPassword, Label: "Application password", Secret: true, MaxLength: maxPassword,
		Help: "Make one on the site, in your profile under \"Application Passwords\". Your own password does not work here.",
	},
}

// page is where the person allows the connection; empty where that is not to be
// had. The flow knows no state: it is carried in the addresses that the site
// sends the person back to. WordPress takes these over TLS alone.
func (c *Connector) page(site index, redirect, state string) string {
	address := site.Authentication.authorize
	if redirect == "" || address == "" || !sameHost(address, site.base) {
		return ""
	}
	if !strings.HasPrefix(redirect, "https://") && !c.guard.AllowLoopback {
		return ""
	}
	page, err := url.Parse(address)
	if err != nil || page.Scheme != "https" && !c.guard.AllowLoopback {
		return ""
	}
	page.RawQuery = with(page.Query(), url.Values{
		"app_name": {appName + time.Now().UTC().Format(" 2006-01-02 ") + rand.Text()[:4]}, "app_id": {appID},
		"success_url": {back(redirect, url.Values{"state": {state}})},
		"reject_url":  {back(redirect, url.Values{"state": {state}, "success": {"false"}})},
	}).Encode()
	return page.String()
}

func back(redirect string, query url.Values) string {
	address, err := url.Parse(redirect)
	if err != nil {
		return ""
	}
	address.RawQuery = with(address.Query(), query).Encode()
	return address.String()
}

func with(query, more url.Values) url.Values {
	for name, values := range more {
		query[name] = values
	}
	return query
}

// Exchange implements networks.Connector. What comes back is the password
// itself: it is tried at the site that the authorization was begun with, and
// nowhere else.
func (c *Connector) Exchange(ctx context.Context, cb networks.Callback) (networks.Credential, error) {
	if cb.Pending.State.IsZero() {
		return networks.Credential{}, malformedAnswer()
	}
	key := networks.AppPassword{Site: cb.Pending.Host}
	if cb.Fields != nil {
		key.User, key.Password = strings.TrimSpace(cb.Fields[fieldUser].Reveal()), cb.Fields[fieldPassword]
	} else {
		if err := c.answered(cb); err != nil {
			return networks.Credential{}, err
		}
		key.User, key.Password = cb.Query.Get("user_login"), networks.NewSecret(cb.Query.Get("password"))
	}
	if key.Site == "" || key.User == "" || key.Password.IsZero() || strings.Contains(key.User, ":") {
		return networks.Credential{}, malformedAnswer()
	}
	credential := networks.NewAppPassword(key)
	if _, err := c.me(ctx, credential); err != nil {
		return networks.Credential{}, err
	}
	return credential, nil
}

// answered checks what the person brought back. The site names itself in it: an
// answer of another site than the one that was asked holds that other site's
// password, which must not be shown to this one (RFC 9700, section 4.4).
func (c *Connector) answered(cb networks.Callback) error {
	state := cb.Query.Get("state")
	switch {
	case cb.Pending.State.IsZero() || subtle.ConstantTimeCompare([]byte(state), []byte(cb.Pending.State.Reveal())) != 1:
		return &networks.Failure{
			Kind: networks.Rejected, Code: "state_mismatch",
			Detail: "This answer does not belong to the authorization that was started here. Start again.",
		}
	case cb.Query.Get("success") == "false":
		return &networks.Failure{
			Kind: networks.Denied, Code: "access_denied", Detail: "Access was not allowed on the WordPress site.",
		}
	case !sameHost(cb.Query.Get("site_url"), cb.Pending.Host):
		return &networks.Failure{
			Kind: networks.Rejected, Code: "site_mismatch",
			Detail: "This answer comes from another site than the one that was asked. Start again.",
		}
	}
	return nil
}

func malformedAnswer() error {
	return &networks.Failure{
		Kind: networks.Rejected, Code: "malformed_callback",
		Detail: "The WordPress site's answer could not be understood. Start again.",
	}
}

// Refresh implements networks.Connector: an application password is good until
// it is taken away.
func (c *Connector) Refresh(context.Context, networks.Credential) (networks.Credential, error) {
	return networks.Credential{}, &networks.Failure{
		Kind: networks.Reauth, Code: "not_refreshable",
		Detail: "This connection cannot be renewed by itself. Connect the account again.",
	}
}

// Revoke implements networks.Connector: the password deletes itself.
func (c *Connector) Revoke(ctx context.Context, credential networks.Credential) error {
	const passwords = "/wp/v2/users/me/application-passwords/"
	var own struct {
		UUID string `json:"uuid"`
	}
	err := c.do(ctx, credential, call{
		kind: networks.CallRead, method: http.MethodGet, route: passwords + "introspect", query: url.Values{"_fields": {"uuid"}},
	}, &own)
	if err == nil {
		if own.UUID == "" {
			return errors.New("the WordPress site did not name the password")
		}
		err = c.do(ctx, credential, call{
			kind: networks.CallDelete, method: http.MethodDelete, route: passwords + url.PathEscape(own.UUID),
		}, nil)
	}
	if networks.KindOf(err) == networks.Reauth {
		return nil // gone already
	}
	return err
}
