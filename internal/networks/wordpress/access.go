package wordpress

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"behalf/internal/networks"
	"behalf/internal/networks/outcome"
)

// identityPrefix is before the id of an author in Identity.RemoteID.
const identityPrefix = "author:"

// The capabilities that decide (https://wordpress.org/documentation/article/roles-and-capabilities/).
const (
	mayPublish    = "publish_posts"
	mayEditOthers = "edit_others_posts"
)

const (
	authorsPerPage = 100 // the API's limit
	maxAuthorPages = 5
)

type user struct {
	ID           int                        `json:"id"`
	Name         string                     `json:"name"`
	Capabilities map[string]json.RawMessage `json:"capabilities"` // plugins add what they like
}

func (u user) may(capability string) bool { return string(u.Capabilities[capability]) == "true" }

// me asks who the credential is, and what they may do.
func (c *Connector) me(ctx context.Context, credential networks.Credential) (user, error) {
	var read user
	err := c.do(ctx, credential, call{
		kind: networks.CallRead, method: http.MethodGet, route: "/wp/v2/users/me",
		query: url.Values{"context": {"edit"}, "_fields": {"id,name,capabilities"}},
	}, &read)
	if err == nil && read.ID == 0 {
		err = outcome.Unclear(title, networks.CallRead, "unreadable_answer")
	}
	return read, err
}

// Accounts implements networks.Connector: the one site, if the person may
// publish there, and its authors, if they may post as others.
func (c *Connector) Accounts(ctx context.Context, credential networks.Credential) ([]networks.Account, error) {
	person, err := c.me(ctx, credential)
	if err != nil || !person.may(mayPublish) {
		return nil, err
	}
	account, err := c.account(ctx, credential)
	if err != nil {
		return nil, err
	}
	if account.Identities, err = c.identities(ctx, credential, person); err != nil {
		return nil, err
	}
	return []networks.Account{account}, nil
}

// VerifyAccess implements networks.Connector.
func (c *Connector) VerifyAccess(ctx context.Context, s networks.Session) (networks.Access, error) {
	if err := ofSite(s); err != nil {
		return networks.Access{}, err
	}
	person, err := c.me(ctx, s.Credential)
	if err != nil {
		return networks.Access{}, err
	}
	if !person.may(mayPublish) {
		return networks.Access{}, notAllowed("no_publish_posts", "On the WordPress site, this person may not publish posts.")
	}
	account, err := c.account(ctx, s.Credential)
	if err != nil {
		return networks.Access{}, err
	}
	if account.Identities, err = c.identities(ctx, s.Credential, person); err != nil {
		return networks.Access{}, err
	}
	if s.Identity != "" && !offered(account.Identities, s.Identity) {
		return networks.Access{}, notAllowed("unknown_identity", "On the WordPress site, this person may not post as this author.")
	}
	return networks.Access{Account: account, Person: networks.Person{
		RemoteID: account.RemoteID + "#" + strconv.Itoa(person.ID), Name: person.Name, // every site has a user 1
	}}, nil
}

// account describes the site.
func (c *Connector) account(ctx context.Context, credential networks.Credential) (networks.Account, error) {
	key, _ := credential.AppPassword()
	var site index
	err := c.do(ctx, credential, call{
		kind: networks.CallRead, method: http.MethodGet, route: "/", query: url.Values{"_fields": {"name,home"}},
	}, &site)
	if err != nil {
		return networks.Account{}, err
	}
	account := networks.Account{RemoteID: key.Site, Name: site.Name, URL: key.Site}
	if account.Name == "" {
		account.Name = strings.TrimPrefix(key.Site, "https://")
	}
	return account, nil
}

// identities lists the authors that the person may post as: nobody but
// themselves, without the right to edit what others wrote.
func (c *Connector) identities(ctx context.Context, credential networks.Credential, person user) ([]networks.Identity, error) {
	if !person.may(mayEditOthers) {
		return nil, nil
	}
	var found []networks.Identity
	for page := 1; page <= maxAuthorPages; page++ {
		var read []user
		// "capabilities" has taken the place of "who", and needs the right to list users.
		err := c.do(ctx, credential, call{
			kind: networks.CallRead, method: http.MethodGet, route: "/wp/v2/users", query: url.Values{
				"who": {"authors"}, "per_page": {strconv.Itoa(authorsPerPage)}, "page": {strconv.Itoa(page)}, "_fields": {"id,name"},
			},
		}, &read)
		if err != nil {
			return nil, err
		}
		for _, one := range read {
			found = append(found, networks.Identity{RemoteID: identityPrefix + strconv.Itoa(one.ID), Name: one.Name})
		}
		if len(read) < authorsPerPage {
			break
		}
	}
	return found, nil
}

// ofSite checks that the session's credential is one for its account.
func ofSite(s networks.Session) error {
	key, ok := s.Credential.AppPassword()
	if !ok {
		return wrongCredential()
	}
	if key.Site != s.Account {
		return notAllowed("another_site", "This connection is for another WordPress site.")
	}
	return nil
}

func offered(identities []networks.Identity, wanted string) bool {
	for _, one := range identities {
		if one.RemoteID == wanted {
			return true
		}
	}
	return false
}

func notAllowed(code, detail string) error {
	return &networks.Failure{Kind: networks.NoPermission, Code: code, Detail: detail}
}
