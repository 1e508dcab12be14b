package mastodon

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"behalf/internal/networks"
	"behalf/internal/networks/outcome"
)

// status is a post.
type status struct {
	ID      string    `json:"id"`
	URL     string    `json:"url"`
	URI     string    `json:"uri"`
	Created time.Time `json:"created_at"`
	Content string    `json:"content"` // HTML
	Media   []struct {
		ID string `json:"id"`
	} `json:"media_attachments"`
	Account struct {
		ID string `json:"id"`
	} `json:"account"`
}

func (s status) published() networks.Published {
	if s.URL == "" {
		return networks.Published{RemoteID: s.ID, URL: s.URI}
	}
	return networks.Published{RemoteID: s.ID, URL: s.URL}
}

// Publish implements networks.Connector. The key protects against a second post
// where the server heeds it.
func (c *Connector) Publish(ctx context.Context, s networks.Session, a networks.Attempt) (networks.Published, error) {
	tokens, id, err := open(s)
	if err != nil {
		return networks.Published{}, err
	}
	made, err := read(a.Prepared)
	if err != nil {
		return networks.Published{}, err
	}
	if len(made.Media) != len(a.Content.Media) {
		return networks.Published{}, &networks.Failure{
			Kind: networks.Rejected, Code: "not_prepared", Detail: "The post was not prepared on the Mastodon server.",
		}
	}
	form := url.Values{}
	if text := a.Content.TextWithLink(); text != "" {
		form.Set("status", text)
	}
	for _, m := range made.Media {
		form.Add("media_ids[]", m.ID)
	}
	var live status
	err = c.do(ctx, call{
		kind: networks.CallPublish, method: http.MethodPost, base: tokens.Host, path: "/api/v1/statuses", token: tokens.AccessToken,
		form: form, header: map[string]string{"Idempotency-Key": a.Key},
	}, &live)
	if err != nil {
		return networks.Published{}, err
	}
	if live.ID == "" || live.Account.ID != id {
		return networks.Published{}, outcome.Unclear(title, networks.CallPublish, "unreadable_answer")
	}
	return live.published(), nil
}

// Delete implements networks.Connector.
func (c *Connector) Delete(ctx context.Context, s networks.Session, remoteID string) error {
	tokens, _, err := open(s)
	if err != nil {
		return err
	}
	err = c.do(ctx, call{
		kind: networks.CallDelete, method: http.MethodDelete, base: tokens.Host, path: "/api/v1/statuses/" + url.PathEscape(remoteID), token: tokens.AccessToken,
	}, nil)
	if networks.CodeOf(err) == "not_found" {
		return nil
	}
	return err
}
