package linkedin

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"behalf/internal/networks"
	"behalf/internal/networks/rest"
)

const (
	personURN       = "urn:li:person:"
	organizationURN = "urn:li:organization:"
)

// posting are the roles on an organization that may publish
// (marketing/community-management/organizations/organization-access-control-by-role
// and …/shares/posts-api, which spell the second differently).
var posting = map[string]bool{"ADMINISTRATOR": true, "CONTENT_ADMINISTRATOR": true, "CONTENT_ADMIN": true}

// Accounts implements networks.Connector.
func (c *Connector) Accounts(ctx context.Context, credential networks.Credential) ([]networks.Account, error) {
	tokens, err := rest.Bearer(credential, title)
	if err != nil {
		return nil, err
	}
	if !c.organizations {
		account, err := c.person(ctx, tokens.AccessToken)
		if err != nil {
			return nil, err
		}
		return []networks.Account{account}, nil
	}
	roles, err := c.roles(ctx, tokens.AccessToken)
	if err != nil {
		return nil, err
	}
	var accounts []networks.Account
	listed := map[string]bool{} // a person may have several roles on an organization
	for _, role := range roles {
		if listed[role.Organization] {
			continue
		}
		listed[role.Organization] = true
		account, err := c.organization(ctx, tokens.AccessToken, role.Organization)
		if err != nil {
			return nil, err
		}
		accounts = append(accounts, account)
	}
	return accounts, nil
}

// VerifyAccess implements networks.Connector.
func (c *Connector) VerifyAccess(ctx context.Context, s networks.Session) (networks.Access, error) {
	tokens, err := rest.Bearer(s.Credential, title)
	if err != nil {
		return networks.Access{}, err
	}
	access := networks.Access{}
	if c.organizations {
		access, err = c.verifyOrganization(ctx, tokens.AccessToken, s.Account)
	} else {
		access.Account, err = c.person(ctx, tokens.AccessToken)
		access.Person = networks.Person{RemoteID: access.Account.RemoteID, Name: access.Account.Name}
	}
	switch {
	case err != nil:
		return networks.Access{}, err
	case access.Account.RemoteID != s.Account:
		return networks.Access{}, &networks.Failure{
			Kind: networks.NoPermission, Code: "other_account", Detail: "On LinkedIn, this person may not post to this account.",
		}
	case s.Identity != "":
		return networks.Access{}, &networks.Failure{
			Kind: networks.NoPermission, Code: "unknown_identity", Detail: "LinkedIn has no posting identities.",
		}
	}
	return access, nil
}

// verifyOrganization answers no account when the person has no role on it.
func (c *Connector) verifyOrganization(ctx context.Context, token networks.Secret, account string) (networks.Access, error) {
	roles, err := c.roles(ctx, token)
	if err != nil {
		return networks.Access{}, err
	}
	for _, role := range roles {
		if role.Organization == account {
			found, err := c.organization(ctx, token, account)
			return networks.Access{Account: found, Person: networks.Person{RemoteID: role.Assignee}}, err
		}
	}
	return networks.Access{}, nil
}

// person asks who authorized (consumer/integrations/self-serve/sign-in-with-linkedin-v2).
// LinkedIn does not tell the address of their page.
func (c *Connector) person(ctx context.Context, token networks.Secret) (networks.Account, error) {
	var read struct {
		Subject string `json:"sub"`
		Name    string `json:"name"`
	}
	_, err := c.rest.Do(ctx, rest.Request{
		Call: networks.CallRead, Method: http.MethodGet, URL: c.at.API + "/v2/userinfo", Bearer: token,
	}, &read)
	if err == nil && read.Subject == "" {
		err = c.rest.Unreadable(networks.CallRead)
	}
	return networks.Account{RemoteID: personURN + read.Subject, Name: read.Name}, err
}

type roleForm struct {
	Role         string `json:"role"`
	State        string `json:"state"`
	Organization string `json:"organization"`
	Assignee     string `json:"roleAssignee"`
}

const (
	listSize = 100
	maxLists = 10
)

// roles are those of the person that let organizations publish.
func (c *Connector) roles(ctx context.Context, token networks.Secret) ([]roleForm, error) {
	var found []roleForm
	for start := 0; start < listSize*maxLists; start += listSize {
		var list struct {
			Elements *[]roleForm `json:"elements"`
		}
		err := c.find(ctx, token, "organizationAcls", url.Values{
			"q": {"roleAssignee"}, "state": {"APPROVED"}, "start": {strconv.Itoa(start)}, "count": {strconv.Itoa(listSize)},
		}, &list)
		if err != nil {
			return nil, err
		}
		if list.Elements == nil {
			return nil, c.rest.Unreadable(networks.CallRead)
		}
		for _, role := range *list.Elements {
			if posting[role.Role] && role.State == "APPROVED" && strings.HasPrefix(role.Organization, organizationURN) {
				found = append(found, role)
			}
		}
		if len(*list.Elements) < listSize {
			break
		}
	}
	return found, nil
}

func (c *Connector) organization(ctx context.Context, token networks.Secret, urn string) (networks.Account, error) {
	id := strings.TrimPrefix(urn, organizationURN)
	var read struct {
		Name   string `json:"localizedName"`
		Vanity string `json:"vanityName"`
	}
	_, err := c.rest.Do(ctx, c.call(networks.CallRead, http.MethodGet, token, "organizations/"+url.PathEscape(id)), &read)
	if err == nil && read.Name == "" {
		err = c.rest.Unreadable(networks.CallRead)
	}
	if read.Vanity == "" {
		read.Vanity = id
	}
	return networks.Account{
		RemoteID: urn, Name: read.Name, URL: "https://www.linkedin.com/company/" + url.PathEscape(read.Vanity),
	}, err
}
