package linkedin

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"behalf/internal/networks"
	"behalf/internal/networks/rest"
)

// call makes a request of the versioned API (marketing/versioning).
func (c *Connector) call(kind networks.Call, method string, token networks.Secret, path string) rest.Request {
	return rest.Request{Call: kind, Method: method, URL: c.at.API + "/rest/" + path, Bearer: token, Header: map[string]string{
		"LinkedIn-Version": Version, "X-Restli-Protocol-Version": "2.0.0",
	}}
}

// find is a read that looks for several things.
func (c *Connector) find(ctx context.Context, token networks.Secret, path string, query url.Values, into any) error {
	r := c.call(networks.CallRead, http.MethodGet, token, path)
	r.Query = query
	r.Header["X-RestLi-Method"] = "FINDER"
	_, err := c.rest.Do(ctx, r, into)
	return err
}

// ours reports whether an address for an upload, which came in an answer, leads
// to LinkedIn.
func (c *Connector) ours(address string) bool {
	read, err := url.Parse(address)
	if err != nil || read.User != nil {
		return false
	}
	if strings.HasPrefix(c.at.Uploads, ".") {
		return read.Scheme == "https" && read.Port() == "" && strings.HasSuffix(read.Hostname(), c.at.Uploads)
	}
	return read.Scheme+"://"+read.Host == c.at.Uploads
}
