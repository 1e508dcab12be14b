// Package browser plays a person at the sandbox network's consent page: it
// fetches the page, fills in its form, and follows redirects up to, but not
// into, the application's redirect URI.
package browser

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// ErrRefused says that the network showed a problem instead of redirecting.
var ErrRefused = errors.New("the network refused")

// Person answers consent pages.
type Person struct {
	Name     string
	Password string
	HTTP     *http.Client // http.DefaultClient when nil; its redirect policy is not used
}

// Allow signs in at the authorization URL and allows what is asked. It returns
// the redirect URI with the network's answer in its query.
func (p Person) Allow(ctx context.Context, authorizationURL string) (*url.URL, error) {
	return p.decide(ctx, authorizationURL, "allow")
}

// Deny declines instead.
func (p Person) Deny(ctx context.Context, authorizationURL string) (*url.URL, error) {
	return p.decide(ctx, authorizationURL, "deny")
}

func (p Person) decide(ctx context.Context, authorizationURL, decision string) (*url.URL, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, authorizationURL, nil)
	if err != nil {
		return nil, errors.New("malformed authorization URL")
	}
	away, page, err := p.visit(request)
	if err != nil || away != nil {
		return away, err
	}
	action, form, err := readForm(page)
	if err != nil {
		return nil, err
	}
	form.Set("name", p.Name)
	form.Set("password", p.Password)
	form.Set("decision", decision)
	target, err := request.URL.Parse(action)
	if err != nil {
		return nil, errors.New("malformed form action")
	}
	request, err = http.NewRequestWithContext(ctx, http.MethodPost, target.String(), strings.NewReader(form.Encode()))
	if err != nil {
		return nil, errors.New("malformed form action")
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	away, _, err = p.visit(request)
	if err == nil && away == nil {
		err = fmt.Errorf("%w: it asked again", ErrRefused)
	}
	return away, err
}

// visit returns where the answer redirects to, or the page that it is. Every
// redirect of the consent page leads to the application.
func (p Person) visit(request *http.Request) (away *url.URL, page string, err error) {
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if p.HTTP != nil {
		client.Transport = p.HTTP.Transport
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, "", errors.New("the consent page does not answer")
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return nil, "", fmt.Errorf("read the consent page: %w", err)
	}
	switch {
	case response.StatusCode >= 300 && response.StatusCode < 400:
		away, err = response.Location()
		return away, "", err
	case response.StatusCode != http.StatusOK:
		return nil, "", fmt.Errorf("%w: %s", ErrRefused, response.Status)
	}
	return nil, string(body), nil
}

// readForm finds the page's form and the fields that it carries hidden.
func readForm(page string) (action string, fields url.Values, err error) {
	document, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return "", nil, fmt.Errorf("read the consent form: %w", err)
	}
	fields = url.Values{}
	for node := range document.Descendants() {
		switch {
		case node.DataAtom == atom.Form:
			action = attribute(node, "action")
		case node.DataAtom == atom.Input && attribute(node, "type") == "hidden":
			fields.Set(attribute(node, "name"), attribute(node, "value"))
		}
	}
	if action == "" {
		return "", nil, errors.New("the consent page has no form")
	}
	return action, fields, nil
}

func attribute(node *html.Node, name string) string {
	for _, a := range node.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
