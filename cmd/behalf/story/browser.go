package story

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// authorized is what Behalf's callback answers when the network sent the person back.
type authorized struct {
	Authorization string `json:"authorization"`
	Accounts      []struct {
		Remote string `json:"remote"`
		Name   string `json:"name"`
	} `json:"accounts"`
}

// authorize plays the browser's part of an authorization: it opens the
// network's consent page, signs in there and allows, and follows the network's
// redirect back to Behalf.
func (v *visitor) authorize(ctx context.Context, workspace string, who Person) (authorized, error) {
	var started struct {
		URL string `json:"authorize_url"`
	}
	err := v.post(ctx, "/v1/workspaces/"+workspace+"/authorizations", map[string]string{"network": "sandbox"}, &started)
	if err != nil {
		return authorized{}, fmt.Errorf("start authorization: %w", err)
	}
	consent, err := v.open(ctx, started.URL)
	if err != nil {
		return authorized{}, fmt.Errorf("open consent page: %w", err)
	}
	consent.fields.Set("name", who.SandboxName)
	consent.fields.Set("password", who.SandboxPassword)
	consent.fields.Set("decision", "allow")
	back, err := v.submit(ctx, consent)
	if err != nil {
		return authorized{}, fmt.Errorf("allow: %w", err)
	}
	if !strings.HasPrefix(back, v.api+"/") {
		return authorized{}, errors.New("the network sent the browser somewhere else than back to Behalf")
	}
	var done authorized
	return done, v.follow(ctx, back, &done)
}

// form is an HTML form with the values that it came with.
type form struct {
	action string
	fields url.Values
}

func (v *visitor) open(ctx context.Context, address string) (form, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return form{}, fmt.Errorf("make request: %w", err)
	}
	response, err := v.http.Do(request)
	if err != nil {
		return form{}, fmt.Errorf("open: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return form{}, fmt.Errorf("the page answers %s", response.Status)
	}
	return readForm(response.Request.URL, io.LimitReader(response.Body, 1<<20))
}

// submit posts a form and returns where the answer redirects to.
func (v *visitor) submit(ctx context.Context, f form) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, f.action, strings.NewReader(f.fields.Encode()))
	if err != nil {
		return "", fmt.Errorf("make request: %w", err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	client := *v.http
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	response, err := client.Do(request)
	if err != nil {
		return "", fmt.Errorf("submit: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode/100 != 3 {
		return "", fmt.Errorf("the form answers %s, not a redirect", response.Status)
	}
	return response.Header.Get("Location"), nil
}

// follow calls the redirect's address and decodes what Behalf answers.
func (v *visitor) follow(ctx context.Context, address string, into any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return errors.New("the redirect's address is malformed")
	}
	request.Header.Set("Accept", "application/json")
	return v.do(request, into)
}

// readForm finds the first form of a page.
func readForm(page *url.URL, content io.Reader) (form, error) {
	document, err := html.Parse(content)
	if err != nil {
		return form{}, fmt.Errorf("read page: %w", err)
	}
	found := form{fields: url.Values{}}
	for node := range document.Descendants() {
		if node.Type != html.ElementNode {
			continue
		}
		switch node.Data {
		case "form":
			if found.action == "" {
				action, err := page.Parse(attribute(node, "action"))
				if err != nil {
					return form{}, fmt.Errorf("read form: %w", err)
				}
				found.action = action.String()
			}
		case "input":
			if name := attribute(node, "name"); name != "" && attribute(node, "type") == "hidden" {
				found.fields.Set(name, attribute(node, "value"))
			}
		}
	}
	if found.action == "" {
		return form{}, errors.New("the page has no form")
	}
	return found, nil
}

func attribute(node *html.Node, name string) string {
	for _, attribute := range node.Attr {
		if attribute.Key == name {
			return attribute.Val
		}
	}
	return ""
}
