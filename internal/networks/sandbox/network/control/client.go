package control

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
)

// Client makes control calls. Safe for concurrent use.
type Client struct {
	URL   string // of the network, without a trailing slash
	Token string
	HTTP  *http.Client // http.DefaultClient when nil
}

// AddPerson adds a person or sets the password of a known one.
func (c *Client) AddPerson(ctx context.Context, p Person) error {
	return c.call(ctx, http.MethodPut, "/control/people", p, nil)
}

// AddPage adds a page or replaces a known one's name, admins and identities.
func (c *Client) AddPage(ctx context.Context, p Page) error {
	return c.call(ctx, http.MethodPut, "/control/pages", p, nil)
}

// MakeAdmin lets a person post to a page.
func (c *Client) MakeAdmin(ctx context.Context, page, person string) error {
	return c.call(ctx, http.MethodPut, adminPath(page, person), nil, nil)
}

// RemoveAdmin takes that right away again.
func (c *Client) RemoveAdmin(ctx context.Context, page, person string) error {
	return c.call(ctx, http.MethodDelete, adminPath(page, person), nil, nil)
}

func adminPath(page, person string) string {
	return "/control/pages/" + url.PathEscape(page) + "/admins/" + url.PathEscape(person)
}

// Log returns what was posted and asked for so far.
func (c *Client) Log(ctx context.Context) (Log, error) { return c.AwaitRequests(ctx, 0) }

// AwaitRequests returns the log as soon as it holds that many publish requests.
func (c *Client) AwaitRequests(ctx context.Context, requests int) (Log, error) {
	return c.await(ctx, "requests", requests)
}

// AwaitPosts returns the log as soon as it holds that many posts.
func (c *Client) AwaitPosts(ctx context.Context, posts int) (Log, error) {
	return c.await(ctx, "posts", posts)
}

func (c *Client) await(ctx context.Context, what string, count int) (log Log, err error) {
	err = c.call(ctx, http.MethodGet, "/control/posts?"+what+"="+strconv.Itoa(count), nil, &log)
	return log, err
}

// Arm adds a fault. Faults strike in the order in which they were armed.
func (c *Client) Arm(ctx context.Context, f Fault) error {
	return c.call(ctx, http.MethodPost, "/control/faults", f, nil)
}

// Faults lists the faults that are still armed.
func (c *Client) Faults(ctx context.Context) (armed []Fault, err error) {
	err = c.call(ctx, http.MethodGet, "/control/faults", nil, &armed)
	return armed, err
}

// Clear disarms every fault and ends the calls that hang.
func (c *Client) Clear(ctx context.Context) error {
	return c.call(ctx, http.MethodDelete, "/control/faults", nil, nil)
}

// ExpireAccessTokens makes every access token expire at once; refresh tokens stay good.
func (c *Client) ExpireAccessTokens(ctx context.Context) error {
	return c.call(ctx, http.MethodPost, "/control/tokens/expire", nil, nil)
}

// Revoke ends all authorizations that a person gave.
func (c *Client) Revoke(ctx context.Context, person string) error {
	return c.call(ctx, http.MethodPost, "/control/people/"+url.PathEscape(person)+"/revoke", nil, nil)
}

func (c *Client) call(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		written, err := json.Marshal(in)
		if err != nil {
			return fmt.Errorf("write control call: %w", err)
		}
		body = bytes.NewReader(written)
	}
	request, err := http.NewRequestWithContext(ctx, method, c.URL+path, body)
	if err != nil {
		return fmt.Errorf("make control call: %w", err)
	}
	request.Header.Set(Header, c.Token)
	if in != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	client := c.HTTP
	if client == nil {
		client = http.DefaultClient
	}
	response, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("control call: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(response.Body, 64<<20))
	if err != nil {
		return fmt.Errorf("read control answer: %w", err)
	}
	if response.StatusCode >= 300 {
		return fmt.Errorf("control call %s %s: %s: %s", method, path, response.Status, bytes.TrimSpace(answer))
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return fmt.Errorf("decode control answer: %w", err)
	}
	return nil
}
