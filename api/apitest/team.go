package apitest

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/workspace/invitation"
	"behalf/internal/networks/sandbox/network/browser"
	"behalf/internal/networks/sandbox/network/networktest"
)

// Team is a workspace with its Owner and one account, the sandbox's page.
type Team struct {
	*World
	Olivia    *Person
	Workspace string
	Account   string
}

// Done is the answer to a command.
type Done struct {
	Position int64
	Events   []struct {
		ID, Type, Stream string
		Version          int
		Position         int64
		Data             json.RawMessage
	}
}

// Data decodes the first event of a type.
func (d Done) Data(t testing.TB, kind string, into any) {
	t.Helper()
	for _, event := range d.Events {
		if event.Type == kind {
			require.NoError(t, json.Unmarshal(event.Data, into))
			return
		}
	}
	require.Fail(t, "no event "+kind)
}

// Done decodes the answer to a command.
func (a Answer) Done() (done Done) {
	a.t.Helper()
	a.Is(http.StatusOK).Read(&done)
	return done
}

// StartTeam runs a Behalf in which Olivia has connected Acme News.
func StartTeam(t testing.TB) *Team {
	t.Helper()
	team := &Team{World: Start(t)}
	team.Olivia = team.SignUp(t, "olivia")
	team.Workspace = team.Olivia.CreateWorkspace("Acme")
	done := team.Olivia.Connect(team.Workspace, "olivia", networktest.OliviaPassword).Done()
	var added struct{ Account string }
	done.Data(t, "workspace.account_added.v1", &added)
	team.Account = added.Account
	return team
}

// CreateWorkspace creates a workspace and answers its id.
func (p *Person) CreateWorkspace(name string) string {
	p.t.Helper()
	var created struct{ Workspace string }
	p.Post("/v1/workspaces", map[string]any{"name": name}).Is(http.StatusCreated).Read(&created)
	return created.Workspace
}

// Authorized is what the callback answers.
type Authorized struct {
	Authorization string
	Network       string
	Accounts      []struct {
		Remote, Name, Account string
		MayPost               bool `json:"may_post"`
	}
}

// Authorize goes to the sandbox and back.
func (p *Person) Authorize(workspace, name, password string) (authorized Authorized) {
	p.t.Helper()
	p.Get(p.Leave(workspace, browser.Person{Name: name, Password: password}.Allow)).Is(http.StatusOK).Read(&authorized)
	return authorized
}

// Connect authorizes and connects the sandbox's page.
func (p *Person) Connect(workspace, name, password string) Answer {
	p.t.Helper()
	authorized := p.Authorize(workspace, name, password)
	return p.Command(workspace, "ConnectAccount", map[string]any{
		"authorization": authorized.Authorization, "remote": networktest.Page,
	})
}

// Invite has Olivia invite an address as a Client with manage_posts on the
// account, and returns the token of the link that the mail would have.
func (team *Team) Invite(t testing.TB, email, mode string) string {
	t.Helper()
	done := team.Olivia.With(t).Command(team.Workspace, "InviteClient", map[string]any{
		"email": email, "access": map[string]bool{"add_accounts": true, "manage_posts": true},
		"assignments": []map[string]string{{"account": team.Account, "credential_mode": mode}},
	}).Done()
	return team.Link(t, done)
}

// Link derives the token of the invitation, of whatever role, that a command made.
func (team *Team) Link(t testing.TB, done Done) string {
	t.Helper()
	var invited struct {
		Invitation domain.InvitationID
		Generation int
	}
	for _, event := range done.Events {
		if strings.HasSuffix(event.Type, "_invited.v1") {
			done.Data(t, event.Type, &invited)
		}
	}
	var ws domain.WorkspaceID
	require.NoError(t, ws.UnmarshalText([]byte(team.Workspace)))
	return invitation.NewToken(InvitationKey, ws, invitation.Link{
		Invitation: invited.Invitation, Generation: invited.Generation,
	}).Reveal()
}

// Join signs a person up and makes them a Client with manage_posts.
func (team *Team) Join(t testing.TB, name, mode string) *Person {
	t.Helper()
	token := team.Invite(t, name+"@example.com", mode)
	person := team.SignUp(t, name)
	person.Command(team.Workspace, "AcceptInvitation", map[string]any{"token": token}).Is(http.StatusOK)
	return person
}

// Leave begins an authorization, has the browser decide, and returns the
// callback's address.
func (p *Person) Leave(workspace string, decide func(context.Context, string) (*url.URL, error)) string {
	p.t.Helper()
	var begun struct {
		URL string `json:"authorize_url"`
	}
	p.Post("/v1/workspaces/"+workspace+"/authorizations", map[string]any{"network": "sandbox"}).Is(http.StatusCreated).Read(&begun)
	back, err := decide(p.t.Context(), begun.URL)
	require.NoError(p.t, err)
	return back.String()
}

// At names a position in a query.
func At(path string, position int64) string {
	separator := "?"
	if strings.Contains(path, "?") {
		separator = "&"
	}
	return path + separator + "position=" + strconv.FormatInt(position, 10)
}
