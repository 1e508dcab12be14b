package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"path"

	"behalf/internal/networks"
)

type pageForm struct {
	ID         string         `json:"id"`
	Name       string         `json:"name"`
	URL        string         `json:"url"`
	Identities []identityForm `json:"identities"`
}

type identityForm struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type postForm struct {
	ID  string `json:"id"`
	Key string `json:"key"`
	URL string `json:"url"`
}

// Accounts implements networks.Connector: the pages that the person administers.
func (c *Connector) Accounts(ctx context.Context, credential networks.Credential) ([]networks.Account, error) {
	var read struct {
		Pages []pageForm `json:"pages"`
	}
	if err := c.get(ctx, &read, credential, "me", "pages"); err != nil {
		return nil, err
	}
	accounts := make([]networks.Account, len(read.Pages))
	for i, page := range read.Pages {
		accounts[i] = page.account()
	}
	return accounts, nil
}

// VerifyAccess implements networks.Connector. A posting identity that the page
// does not know (any more) is NoPermission, too.
func (c *Connector) VerifyAccess(ctx context.Context, s networks.Session) (networks.Access, error) {
	var read struct {
		Page   pageForm     `json:"page"`
		Person identityForm `json:"person"`
	}
	if err := c.get(ctx, &read, s.Credential, "pages", s.Account); err != nil {
		return networks.Access{}, err
	}
	access := networks.Access{
		Account: read.Page.account(),
		Person:  networks.Person{RemoteID: read.Person.ID, Name: read.Person.Name},
	}
	if read.Page.ID != s.Account {
		return networks.Access{}, c.unreadable(networks.CallRead)
	}
	if s.Identity == "" {
		return access, nil
	}
	for _, identity := range access.Account.Identities {
		if identity.RemoteID == s.Identity {
			return access, nil
		}
	}
	return networks.Access{}, documented["unknown_identity"].failure("unknown_identity")
}

// Publish implements networks.Connector. The attempt's key names the post:
// publishing it again answers the first post.
func (c *Connector) Publish(ctx context.Context, s networks.Session, a networks.Attempt) (networks.Published, error) {
	r, err := c.request(ctx, http.MethodPost, s.Credential, "pages", s.Account, "posts")
	if err != nil {
		return networks.Published{}, err
	}
	body, err := json.Marshal(struct {
		Key      string `json:"key"`
		Text     string `json:"text"`
		Identity string `json:"identity,omitempty"`
	}{a.Key, a.Text, s.Identity})
	if err != nil {
		return networks.Published{}, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	answer := c.wire.Do(ctx, networks.CallPublish, r)
	if failure := c.Classify(answer); failure != nil {
		return networks.Published{}, failure
	}
	return c.published(answer, a)
}

// Reconcile implements networks.Connector: the key names the post, or proves
// that there is none. A deleted post is Unknown: it was there, and whether it
// should be again is for a person to say.
func (c *Connector) Reconcile(ctx context.Context, s networks.Session, a networks.Attempt) (networks.Verdict, error) {
	r, err := c.request(ctx, http.MethodGet, s.Credential, "pages", s.Account, "posts", a.Key)
	if err != nil {
		return networks.Verdict{State: networks.Unknown}, err
	}
	answer := c.wire.Do(ctx, networks.CallRead, r)
	if failure := c.Classify(answer); failure != nil {
		switch failure.Code {
		case "post_not_found":
			return networks.Verdict{State: networks.Absent}, nil
		case "post_deleted":
			return networks.Verdict{State: networks.Unknown}, nil
		}
		return networks.Verdict{State: networks.Unknown}, failure
	}
	published, err := c.published(answer, a)
	if err != nil {
		return networks.Verdict{State: networks.Unknown}, err
	}
	return networks.Verdict{State: networks.Live, Published: published}, nil
}

func (c *Connector) get(ctx context.Context, into any, credential networks.Credential, path ...string) error {
	r, err := c.request(ctx, http.MethodGet, credential, path...)
	if err != nil {
		return err
	}
	answer := c.wire.Do(ctx, networks.CallRead, r)
	if failure := c.Classify(answer); failure != nil {
		return failure
	}
	if json.Unmarshal(answer.Body, into) != nil {
		return c.unreadable(networks.CallRead)
	}
	return nil
}

// published reads a post. A success that cannot be read is no success to build on.
func (c *Connector) published(answer networks.Answer, a networks.Attempt) (networks.Published, error) {
	var post postForm
	if json.Unmarshal(answer.Body, &post) != nil || post.ID == "" || post.Key != a.Key {
		return networks.Published{}, c.unreadable(answer.Call)
	}
	return networks.Published{RemoteID: post.ID, URL: post.URL}, nil
}

// existing is the id at the end of a permalink.
func existing(header http.Header) string {
	if location := header.Get("Location"); location != "" {
		return path.Base(location)
	}
	return ""
}

func (p pageForm) account() networks.Account {
	account := networks.Account{RemoteID: p.ID, Name: p.Name, URL: p.URL}
	for _, identity := range p.Identities {
		account.Identities = append(account.Identities, networks.Identity{RemoteID: identity.ID, Name: identity.Name})
	}
	return account
}
