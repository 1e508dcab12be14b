package mastodon

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"behalf/internal/networks"
	"behalf/internal/networks/outcome"
)

// appName is what people see on their server's pages.
const appName = "Behalf"

const maxMoves = 3

// discover finds the server that a person means: people type the name in their
// handle, and the server may be at another one.
func (c *Connector) discover(ctx context.Context, typed string) (base string, err error) {
	if base, err = c.guard.Base(typed); err != nil {
		return "", err
	}
	for range maxMoves + 1 {
		base = root(base)
		for _, path := range []string{instanceV2, instanceV1} {
			answer, err := c.send(ctx, call{kind: networks.CallRead, method: http.MethodGet, base: base, path: path})
			if err != nil {
				return "", noServer()
			}
			if location := answer.Header.Get("Location"); answer.Err == nil && answer.Status/100 == 3 && location != "" {
				base = c.guard.Follow(base+path, location)
				break
			}
			var said instance
			failure := c.Classify(answer)
			switch {
			case failure == nil && outcome.Read(title, answer, &said) == nil && said.Version != "":
				return base, nil
			case failure != nil && (answer.Status >= 500 || failure.Kind == networks.RateLimited || failure.Kind == networks.NotSent && !isNoHost(failure)):
				return "", failure
			case path == instanceV1:
				return "", noServer()
			}
		}
		if base == "" {
			break
		}
	}
	return "", noServer()
}

// root is an address without its path.
func root(base string) string {
	if scheme := strings.Index(base, "://"); scheme > 0 {
		if slash := strings.IndexByte(base[scheme+3:], '/'); slash >= 0 {
			return base[:scheme+3+slash]
		}
	}
	return base
}

func noServer() error {
	return &networks.Failure{
		Kind: networks.Rejected, Code: "no_server", Detail: "There is no Mastodon server at this address, nor one that speaks its language.",
	}
}

// registered is this installation's registration with a server, made when there
// is none for the redirect URI.
func (c *Connector) registered(ctx context.Context, base, redirect string) (networks.Registration, error) {
	kept, found, err := c.registrations.Registration(ctx, Name, base)
	if err != nil {
		return networks.Registration{}, err
	}
	if found && kept.RedirectURI == redirect {
		return kept, nil
	}
	return c.register(ctx, base, redirect)
}

func (c *Connector) register(ctx context.Context, base, redirect string) (networks.Registration, error) {
	var made struct {
		ID     string `json:"client_id"`
		Secret string `json:"client_secret"`
	}
	err := c.do(ctx, call{
		kind: networks.CallPrepare, method: http.MethodPost, base: base, path: "/api/v1/apps",
		form: url.Values{"client_name": {appName}, "redirect_uris": {redirect}, "scopes": {scopes}},
	}, &made)
	if err != nil {
		return networks.Registration{}, err
	}
	if made.ID == "" || made.Secret == "" {
		return networks.Registration{}, outcome.Unclear(title, networks.CallPrepare, "unreadable_answer")
	}
	return c.registrations.KeepRegistration(ctx, Name, base, networks.Registration{
		ClientID: made.ID, ClientSecret: networks.NewSecret(made.Secret), RedirectURI: redirect,
	})
}

// knowsPKCE asks whether the server takes part in PKCE (RFC 8414; Mastodon since
// 4.3). One that has no such document, or another answer of its own in its place,
// does not. One that cannot say at the moment is asked again before anybody is sent
// there: nobody goes without PKCE for a server that was busy.
func (c *Connector) knowsPKCE(ctx context.Context, base string) (bool, error) {
	answer, err := c.send(ctx, call{
		kind: networks.CallRead, method: http.MethodGet, base: base, path: "/.well-known/oauth-authorization-server",
	})
	if err != nil {
		return false, err
	}
	var metadata struct {
		Methods []string `json:"code_challenge_methods_supported"`
	}
	switch {
	case answer.Err == nil && answer.Status/100 == 2:
		_ = json.Unmarshal(answer.Body, &metadata)
		return slices.Contains(metadata.Methods, "S256"), nil
	case answer.Err == nil && answer.Status/100 < 5 && answer.Status != http.StatusTooManyRequests && answer.Status != http.StatusRequestTimeout:
		return false, nil // whatever stands in front of it knows no such document
	default:
		failure := outcome.Away(outcome.Unclear(title, networks.CallRead, "no_metadata"), answer)
		failure.Cause = answer.Err
		return false, failure
	}
}
