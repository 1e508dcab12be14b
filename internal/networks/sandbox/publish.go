package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"path"
	"time"

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
	ID       string    `json:"id"`
	Key      string    `json:"key"`
	Text     string    `json:"text"`
	Identity string    `json:"identity"`
	URL      string    `json:"url"`
	At       time.Time `json:"at"`
}

type contentForm struct {
	Key      string   `json:"key,omitempty"`
	Text     string   `json:"text"`
	Identity string   `json:"identity,omitempty"`
	Media    []string `json:"media,omitempty"`
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

// Publish implements networks.Connector. Where the class knows keys, the
// attempt's names the post: publishing it again answers the first post. Of a
// draft the same is true.
func (c *Connector) Publish(ctx context.Context, s networks.Session, a networks.Attempt) (networks.Published, error) {
	made, err := readMade(a.Prepared)
	if err != nil {
		return networks.Published{}, err
	}
	path, form := []string{"pages", s.Account, "posts"}, c.form(s, a, made)
	switch {
	case c.class == TwoPhase && made.Draft == "":
		return networks.Published{}, errUnprepared()
	case c.class == TwoPhase:
		path, form = []string{"pages", s.Account, "drafts", made.Draft, "publish"}, nil
	case c.keyed():
		form.Key = a.Key
	}
	answer, err := c.post(ctx, networks.CallPublish, s, form, path...)
	if err != nil {
		return networks.Published{}, err
	}
	return c.published(answer, a)
}

// form is the post as the network takes it, without a key.
func (c *Connector) form(s networks.Session, a networks.Attempt, m made) *contentForm {
	form := &contentForm{Text: a.Content.TextWithLink(), Identity: s.Identity}
	for _, medium := range a.Content.Media {
		form.Media = append(form.Media, m.Media[medium.ID])
	}
	return form
}

// Delete implements networks.Connector.
func (c *Connector) Delete(ctx context.Context, s networks.Session, remoteID string) error {
	err := c.remove(ctx, networks.CallDelete, s, "pages", s.Account, "posts", remoteID)
	if failure, ok := errors.AsType[*networks.Failure](err); ok && failure.Code == "post_not_found" {
		return nil
	}
	return err
}

// post sends a form, if there is one.
func (c *Connector) post(ctx context.Context, call networks.Call, s networks.Session, form *contentForm, path ...string) (networks.Answer, error) {
	r, err := c.request(ctx, http.MethodPost, s.Credential, path...)
	if err != nil {
		return networks.Answer{}, err
	}
	if form != nil {
		body, err := json.Marshal(form)
		if err != nil {
			return networks.Answer{}, err
		}
		r.Header.Set("Content-Type", "application/json")
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	}
	answer := c.wire.Do(ctx, call, r)
	if failure := c.Classify(answer); failure != nil {
		return answer, failure
	}
	return answer, nil
}

func (c *Connector) remove(ctx context.Context, call networks.Call, s networks.Session, path ...string) error {
	r, err := c.request(ctx, http.MethodDelete, s.Credential, path...)
	if err != nil {
		return err
	}
	if failure := c.Classify(c.wire.Do(ctx, call, r)); failure != nil {
		return failure
	}
	return nil
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
	if json.Unmarshal(answer.Body, &post) != nil || post.ID == "" || c.keyed() && post.Key != a.Key {
		return networks.Published{}, c.unreadable(answer.Call)
	}
	return post.published(), nil
}

func (p postForm) published() networks.Published {
	return networks.Published{RemoteID: p.ID, URL: p.URL}
}

// keyed reports whether posts carry the attempt's key.
func (c *Connector) keyed() bool { return c.class == ClientKey || c.class == ExpiringKey }

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
