package pages

import (
	"context"
	"net/url"
	"slices"

	"behalf/internal/networks"
	"behalf/internal/networks/codeflow"
	"behalf/internal/networks/rest"
)

type pageForm struct {
	ID    string   `json:"id"`
	Name  string   `json:"name"`
	Link  string   `json:"link"`
	Token string   `json:"access_token"`
	Tasks []string `json:"tasks"`
}

func (p pageForm) account() networks.Account {
	return networks.Account{RemoteID: p.ID, Name: p.Name, URL: p.Link}
}

// maxPages bounds how many answers of a list are read.
const maxPages = 20

// Accounts implements networks.Connector: the pages that the person may publish to.
func (c *Connector) Accounts(ctx context.Context, credential networks.Credential) ([]networks.Account, error) {
	all, err := c.managed(ctx, credential)
	if err != nil {
		return nil, err
	}
	var accounts []networks.Account
	for _, p := range all {
		if slices.Contains(p.Tasks, canPost) {
			accounts = append(accounts, p.account())
		}
	}
	return accounts, nil
}

// VerifyAccess implements networks.Connector. It answers the page's token, with
// which everything else is done. That token outlives the person's, and no call is
// documented by which it would tell whether the person may still post: the
// credential ends with the person's, so that whoever holds it is asked before.
func (c *Connector) VerifyAccess(ctx context.Context, s networks.Session) (networks.Access, error) {
	if s.Identity != "" {
		return networks.Access{}, &networks.Failure{
			Kind: networks.NoPermission, Code: "unknown_identity", Detail: "Pages have no posting identities.",
		}
	}
	all, err := c.managed(ctx, s.Credential)
	if err != nil {
		return networks.Access{}, err
	}
	at := slices.IndexFunc(all, func(p pageForm) bool { return p.ID == s.Account })
	if at < 0 || !slices.Contains(all[at].Tasks, canPost) || all[at].Token == "" {
		return networks.Access{}, &networks.Failure{
			Kind: networks.NoPermission, Code: "no_task", Detail: "On Facebook, this person may not publish as the page.",
		}
	}
	tokens, _ := s.Credential.OAuth2()
	var person struct{ ID, Name string }
	if err := c.get(ctx, tokens.AccessToken, url.Values{"fields": {"id,name"}}, &person, "me"); err != nil {
		return networks.Access{}, err
	}
	if person.ID == "" {
		return networks.Access{}, c.rest.Unreadable(networks.CallRead)
	}
	tokens.AccountToken = networks.NewSecret(all[at].Token)
	return networks.Access{
		Account: all[at].account(), Person: networks.Person{RemoteID: person.ID, Name: person.Name},
		Credential: networks.NewOAuth2(tokens),
	}, nil
}

// allowed asks whether the person let the application do all that it needs: the
// dialog lets people decline single permissions, and its settings take them away
// later (docs/graph-api/reference/user/permissions).
func (c *Connector) allowed(ctx context.Context, token networks.Secret) error {
	var list struct {
		Data *[]struct {
			Permission string `json:"permission"`
			Status     string `json:"status"` // granted, declined or expired
		} `json:"data"`
	}
	if err := c.get(ctx, token, nil, &list, "me", "permissions"); err != nil {
		return err
	}
	if list.Data == nil {
		return c.rest.Unreadable(networks.CallRead)
	}
	var granted []string
	for _, one := range *list.Data {
		if one.Status == "granted" {
			granted = append(granted, one.Permission)
		}
	}
	if failure := codeflow.Missing(title, scopes, granted); failure != nil {
		return failure
	}
	return nil
}

// managed are the pages that the person has any task on, where they let the
// application do what it needs.
func (c *Connector) managed(ctx context.Context, credential networks.Credential) ([]pageForm, error) {
	tokens, err := rest.Bearer(credential, title)
	if err != nil {
		return nil, err
	}
	if err := c.allowed(ctx, tokens.AccessToken); err != nil {
		return nil, err
	}
	parameters := url.Values{"fields": {"id,name,link,access_token,tasks"}, "limit": {"100"}}
	var all []pageForm
	for range maxPages {
		var list struct {
			Data   *[]pageForm `json:"data"`
			Paging pagingForm  `json:"paging"`
		}
		if err := c.get(ctx, tokens.AccessToken, parameters, &list, "me", "accounts"); err != nil {
			return nil, err
		}
		if list.Data == nil {
			return nil, c.rest.Unreadable(networks.CallRead)
		}
		all = append(all, *list.Data...)
		if list.Paging.Next == "" {
			break
		}
		parameters.Set("after", list.Paging.Cursors.After)
	}
	return all, nil
}

// pagingForm is at the end of every list (docs/graph-api/results). Next is only
// looked at: it holds the token.
type pagingForm struct {
	Cursors struct {
		After string `json:"after"`
	} `json:"cursors"`
	Next string `json:"next"`
}
