package mastodon

import (
	"cmp"
	"context"
	"io"
	"net/url"

	"behalf/internal/networks"
	"behalf/internal/networks/rest"
	"behalf/internal/networks/wire"
)

// call is one request to a server.
type call struct {
	kind   networks.Call
	method string
	base   string
	path   string
	query  url.Values
	form   url.Values // sent as a form
	raw    io.ReadCloser
	length int64 // of raw
	media  string
	header map[string]string
	token  networks.Secret // zero for what is public
	client *wire.Client    // the connector's when nil
}

// send makes the call; its answer is classified by who asked.
func (c *Connector) send(ctx context.Context, request call) (networks.Answer, error) {
	return c.through(request).Send(ctx, request.rest())
}

// do makes the call and decodes what a success answers.
func (c *Connector) do(ctx context.Context, request call, into any) error {
	_, err := c.through(request).Do(ctx, request.rest(), into)
	return err
}

func (c *Connector) through(request call) rest.Client {
	return rest.Client{Wire: cmp.Or(request.client, c.wire), Title: title, Classify: c.Classify}
}

func (r call) rest() rest.Request {
	return rest.Request{
		Call: r.kind, Method: r.method, URL: r.base + r.path, Query: r.query, Bearer: r.token, Header: r.header,
		Form: r.form, Body: r.raw, Length: r.length, Content: r.media,
	}
}

// open checks that the session's credential is one for its account.
func open(s networks.Session) (o networks.OAuth2, id string, err error) {
	o, ok := s.Credential.OAuth2()
	if !ok || o.Host == "" {
		return o, "", &networks.Failure{
			Kind: networks.Rejected, Code: "wrong_credential", Detail: "This connection was not made with a Mastodon server.",
		}
	}
	base, id, ok := split(s.Account)
	if !ok || base != o.Host {
		return o, "", &networks.Failure{
			Kind: networks.NoPermission, Code: "another_server", Detail: "This connection is for an account on another server.",
		}
	}
	return o, id, nil
}
