package pages

import (
	"context"
	"net/url"
	"slices"

	"behalf/internal/networks"
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
// which everything else is done. That token outlives the person's: when the
// latter has ended, the former is asked.
func (c *Connector) VerifyAccess(ctx context.Context, s networks.Session) (networks.Access, error) {
	if s.Identity != "" {
		return networks.Access{}, &networks.Failure{
			Kind: networks.NoPermission, Code: "unknown_identity", Detail: "Pages have no posting identities.",
		}
	}
	all, err := c.managed(ctx, s.Credential)
	if networks.KindOf(err) == networks.Reauth {
		return c.byPage(ctx, s, err)
	}
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
		Credential: lasting(tokens),
	}, nil
}

// lasting is a credential that is good for as long as the page's token is.
func lasting(tokens networks.OAuth2) networks.Credential {
	tokens.Expiry = networks.OAuth2{}.Expiry
	return networks.NewOAuth2(tokens)
}

// byPage asks the page's own token, if there is one.
func (c *Connector) byPage(ctx context.Context, s networks.Session, ended error) (networks.Access, error) {
	token, err := page(s)
	if err != nil {
		return networks.Access{}, ended
	}
	var read pageForm
	if err := c.get(ctx, token, url.Values{"fields": {"id,name,link"}}, &read, s.Account); err != nil {
		return networks.Access{}, err
	}
	if read.ID != s.Account {
		return networks.Access{}, c.rest.Unreadable(networks.CallRead)
	}
	return networks.Access{Account: read.account()}, nil
}

// managed are the pages that the person has any task on.
func (c *Connector) managed(ctx context.Context, credential networks.Credential) ([]pageForm, error) {
	tokens, err := rest.Bearer(credential, title)
	if err != nil {
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
