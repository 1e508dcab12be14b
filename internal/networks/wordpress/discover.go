package wordpress

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"behalf/internal/networks"
	"behalf/internal/networks/outcome"
	"behalf/internal/networks/wire"
)

// index is what a site says about itself at the root of its REST API.
type index struct {
	Name           string   `json:"name"`
	Home           string   `json:"home"`
	Namespaces     []string `json:"namespaces"`
	Authentication methods  `json:"authentication"`

	base string // where it was found, and what it calls its home
}

// methods are the ways to authorize an application. PHP writes an empty map as
// an empty array: a site without TLS says [].
type methods struct {
	authorize string // where a person makes an application password; empty when not offered
}

func (m *methods) UnmarshalJSON(text []byte) error {
	var read struct {
		Passwords struct {
			Endpoints struct {
				Authorization string `json:"authorization"`
			} `json:"endpoints"`
		} `json:"application-passwords"`
	}
	if json.Unmarshal(text, &read) == nil {
		m.authorize = read.Passwords.Endpoints.Authorization
	}
	return nil
}

// typedPages are what people copy out of their browser's address bar.
var typedPages = []string{"/wp-admin", "/wp-login.php", "/wp-json", "/index.php"}

const maxMoves = 3

// discover finds the site that a person means. A site that is found at one
// address and calls another its home is looked up there as well, so that one
// site has one address, and nobody can speak for somebody else's.
func (c *Connector) discover(ctx context.Context, typed string) (index, error) {
	base, err := c.guard.Base(typed)
	if err != nil {
		return index{}, err
	}
	for _, page := range typedPages {
		if at := strings.Index(base, page); at > 0 {
			base = base[:at]
		}
	}
	for range maxMoves + 1 {
		found, moved, err := c.index(ctx, base)
		if err != nil {
			return index{}, err
		}
		if moved == "" {
			if moved, err = c.guard.Base(found.Home); err != nil {
				return index{}, noSite()
			}
			if moved == base {
				found.base = base
				return found, nil
			}
		}
		base = moved
	}
	return index{}, noSite()
}

// index reads a site's description. moved is where the site redirects instead.
func (c *Connector) index(ctx context.Context, base string) (found index, moved string, err error) {
	const fields = "name,home,namespaces,authentication"
	address := endpoint(base, "/", url.Values{"_fields": {fields}})
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return index{}, "", noSite()
	}
	r.Header.Set("Accept", "application/json")
	answer := c.wire.Do(ctx, networks.CallRead, r)
	if location := answer.Header.Get("Location"); answer.Err == nil && answer.Status/100 == 3 && location != "" {
		return index{}, c.guard.Follow(address, location), nil
	}
	if failure := c.Classify(answer); failure != nil {
		if errors.Is(failure, wire.ErrNoHost) {
			return index{}, "", noSite()
		}
		if failure.Kind == networks.NotSent || failure.Kind == networks.RateLimited || answer.Status >= 500 {
			return index{}, "", failure
		}
		return index{}, "", noSite()
	}
	if outcome.Read(title, answer, &found) != nil || !contains(found.Namespaces, "wp/v2") {
		return index{}, "", noSite()
	}
	return found, "", nil
}

func contains(list []string, wanted string) bool {
	for _, one := range list {
		if one == wanted {
			return true
		}
	}
	return false
}

// sameHost reports whether both addresses are at one host and port.
func sameHost(a, b string) bool {
	first, err := url.Parse(a)
	second, err2 := url.Parse(b)
	return errors.Join(err, err2) == nil && first.Host != "" && strings.EqualFold(first.Host, second.Host)
}

func noSite() error {
	return &networks.Failure{
		Kind: networks.Rejected, Code: "no_site",
		Detail: "There is no WordPress site at this address, or its REST API is switched off.",
	}
}
