package bluesky

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"behalf/internal/networks"
	"behalf/internal/networks/outcome"
)

var (
	did    = regexp.MustCompile(`^did:(plc:[a-z2-7]{24}|web:[a-zA-Z0-9._%-]{1,253})$`) // atproto.com/specs/did
	handle = regexp.MustCompile(`^([a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$`)
)

// document is the part of a DID document that says who hosts the account.
type document struct {
	ID      string `json:"id"`
	Service []struct {
		ID       string `json:"id"`
		Endpoint string `json:"serviceEndpoint"`
	} `json:"service"`
}

// server is the address of the account's server in a document; empty when it
// names none that may be asked.
func (c *Connector) server(d document) string {
	for _, service := range d.Service {
		if strings.HasSuffix(service.ID, "#atproto_pds") {
			base, err := c.guard.Base(service.Endpoint)
			if err == nil {
				return base
			}
		}
	}
	return ""
}

// locate finds the server of an account: the one that the person names, else
// the one that the account's identity names, else the default one. The servers
// that Bluesky itself runs let people sign in through the default one.
func (c *Connector) locate(ctx context.Context, identifier, typed string) (host string, err error) {
	if strings.TrimSpace(typed) != "" {
		return c.guard.Base(typed)
	}
	id := identifier
	if handle.MatchString(identifier) {
		if id, err = c.resolve(ctx, c.host, identifier); err != nil {
			return c.host, nil
		}
	}
	found, err := c.describe(ctx, id)
	if err != nil || found == "" || ofBluesky(found) {
		return c.host, nil
	}
	return found, nil
}

// ofBluesky reports whether a server is one of those that Bluesky itself runs.
func ofBluesky(server string) bool {
	address, err := url.Parse(server)
	return err == nil && strings.HasSuffix(address.Hostname(), ".bsky.network")
}

// home is the server of an account that another one says it has signed somebody
// in to. No server is believed about that: whoever runs one could name an account
// of somebody else's (R37, R46). The identity's own document has to name the
// server, or one of Bluesky's where that was asked through the default one.
func (c *Connector) home(ctx context.Context, id, asked string) (string, error) {
	server, err := c.describe(ctx, id)
	if err != nil {
		return "", err
	}
	if server != "" && (server == asked || asked == c.host && ofBluesky(server)) {
		return server, nil
	}
	return "", &networks.Failure{
		Kind: networks.Rejected, Code: "server_mismatch",
		Detail: "This server answers for an account that is, by its identity, not hosted there. Sign in at the server that hosts it.",
	}
}

// resolve asks a server whose handle it is.
func (c *Connector) resolve(ctx context.Context, host, name string) (string, error) {
	var read struct {
		DID string `json:"did"`
	}
	err := c.ask(ctx, call{
		kind: networks.CallRead, host: host, name: "com.atproto.identity.resolveHandle", query: url.Values{"handle": {name}},
	}, &read)
	if err == nil && !did.MatchString(read.DID) {
		err = outcome.Unclear(title, networks.CallRead, "unreadable_answer")
	}
	return read.DID, err
}

// describe asks the directory, or the domain that is the identity, where that is
// hosted; empty when it is nowhere that may be asked.
func (c *Connector) describe(ctx context.Context, id string) (string, error) {
	if !did.MatchString(id) {
		return "", nil
	}
	address := c.directory + "/" + id
	if name, web := strings.CutPrefix(id, "did:web:"); web {
		base, err := c.guard.Base(name)
		if err != nil {
			return "", nil //nolint:nilerr // no domain of the internet hosts it
		}
		address = base + "/.well-known/did.json"
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", nil //nolint:nilerr // the same
	}
	r.Header.Set("Accept", "application/json")
	answer := c.wire.Do(ctx, networks.CallRead, r)
	if answer.Err == nil && (answer.Status == http.StatusNotFound || answer.Status == http.StatusGone) {
		return "", nil
	}
	var read document
	if c.Classify(answer) != nil || outcome.Read(title, answer, &read) != nil || read.ID != id {
		return "", outcome.Unclear(title, networks.CallRead, "no_identity")
	}
	return c.server(read), nil
}
