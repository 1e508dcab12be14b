package bluesky

import (
	"cmp"
	"context"
	"io"
	"net/http"
	"net/url"

	"behalf/internal/networks"
	"behalf/internal/networks/rest"
	"behalf/internal/networks/wire"
)

// call is one call of a method of a server (XRPC).
type call struct {
	kind   networks.Call
	host   string
	name   string          // of the method: "com.atproto.server.getSession"
	query  url.Values      // of a query, which is a GET
	body   any             // of a procedure, as JSON
	raw    io.ReadCloser   // of a procedure, instead
	length int64           // of raw
	media  string          // media type of raw
	token  networks.Secret // zero where the method is public
	client *wire.Client    // the connector's when nil
}

// ask makes a query.
func (c *Connector) ask(ctx context.Context, request call, into any) error {
	return c.do(ctx, http.MethodGet, request, into)
}

// tell calls a procedure.
func (c *Connector) tell(ctx context.Context, request call, into any) error {
	return c.do(ctx, http.MethodPost, request, into)
}

func (c *Connector) do(ctx context.Context, method string, request call, into any) error {
	through := rest.Client{Wire: cmp.Or(request.client, c.wire), Title: title, Classify: c.Classify}
	_, err := through.Do(ctx, rest.Request{
		Call: request.kind, Method: method, URL: request.host + "/xrpc/" + request.name, Query: request.query, Bearer: request.token,
		JSON: request.body, Body: request.raw, Length: request.length, Content: request.media,
	}, into)
	return err
}

// open checks that the session's credential is one for its account.
func open(s networks.Session) (networks.SessionPair, error) {
	pair, ok := s.Credential.SessionPair()
	if !ok {
		return pair, &networks.Failure{
			Kind: networks.Rejected, Code: "wrong_credential", Detail: "This connection was not made with Bluesky.",
		}
	}
	if pair.Subject != s.Account {
		return pair, &networks.Failure{
			Kind: networks.NoPermission, Code: "another_account", Detail: "This connection is for another account on Bluesky.",
		}
	}
	return pair, nil
}
