package wordpress

import (
	"cmp"
	"context"
	"io"
	"net/url"

	"behalf/internal/networks"
	"behalf/internal/networks/rest"
	"behalf/internal/networks/wire"
)

// endpoint is where a site answers a route. The form with rest_route works
// whether or not the site has readable addresses, and is documented for both.
func endpoint(site, route string, query url.Values) string {
	address := site + "/?rest_route=" + route
	if len(query) > 0 {
		address += "&" + query.Encode()
	}
	return address
}

// call is one request to a site.
type call struct {
	kind   networks.Call
	method string
	route  string
	query  url.Values
	body   any               // sent as JSON
	raw    io.ReadCloser     // sent as it is, instead
	length int64             // of raw
	media  string            // media type of raw
	header map[string]string // beside what every request has
	client *wire.Client      // the connector's when nil
}

// do makes the call with the credential and decodes the answer.
func (c *Connector) do(ctx context.Context, credential networks.Credential, request call, into any) error {
	key, ok := credential.AppPassword()
	if !ok {
		return wrongCredential()
	}
	through := rest.Client{Wire: cmp.Or(request.client, c.wire), Title: title, Classify: c.Classify}
	_, err := through.Do(ctx, rest.Request{
		Call: request.kind, Method: request.method, URL: endpoint(key.Site, request.route, request.query),
		BasicUser: key.User, BasicPassword: key.Password, Header: request.header,
		JSON: request.body, Body: request.raw, Length: request.length, Content: request.media,
	}, into)
	return err
}

func wrongCredential() error {
	return &networks.Failure{
		Kind: networks.Rejected, Code: "wrong_credential", Detail: "This connection was not made with a WordPress site.",
	}
}
