package connect

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"behalf/api/access"
	"behalf/api/signin"
	"behalf/domain"
	"behalf/domain/workspace"
	"behalf/internal/networks"
	"behalf/internal/vault"
)

type beginInput struct {
	Workspace string `path:"workspace" doc:"The workspace."`
	Body      struct {
		Network string `json:"network" minLength:"1" maxLength:"50" doc:"The network's name." example:"sandbox"`
		Host    string `json:"host,omitempty" maxLength:"253" doc:"Where the network is spread over hosts: yours." example:"mastodon.social"`
	} `nameHint:"NewAuthorization"`
}

type beginOutput struct {
	Body struct {
		AuthorizeURL string  `json:"authorize_url,omitempty" format:"uri" doc:"Where to send your browser; absent where there is a form."`
		Form         []Field `json:"form,omitempty" doc:"What to fill in instead, in this order. Send it with the state to /v1/authorizations/form."`
		State        string  `json:"state,omitempty" doc:"Goes with the form."`
	} `nameHint:"BegunAuthorization"`
}

// Field is one thing that a form asks for.
type Field struct {
	Name      string `json:"name" doc:"For machines."`
	Label     string `json:"label" doc:"For people."`
	Help      string `json:"help,omitempty" doc:"Where to find it."`
	Secret    bool   `json:"secret,omitempty" doc:"Whether it is to be hidden while it is typed."`
	Optional  bool   `json:"optional,omitempty" doc:"Whether it may be left empty."`
	MaxLength int    `json:"max_length" doc:"Characters."`
}

func (d *Desk) begin(ctx context.Context, input *beginInput) (*beginOutput, error) {
	admission, err := d.Door.Admit(ctx, input.Workspace)
	if err != nil {
		return nil, err
	}
	connector, err := d.choose(admission, input.Body.Network, input.Body.Host)
	if err != nil {
		return nil, err
	}
	start, err := connector.Authorize(ctx, networks.AuthRequest{
		RedirectURI: RedirectURI(d.PublicURL, input.Body.Network), Host: input.Body.Host,
	})
	if networks.KindOf(err) == networks.Rejected {
		return nil, domain.Wrong(0, "host", "host_refused", detailOf(err))
	}
	if err != nil {
		return nil, fmt.Errorf("authorize at %s: %w", input.Body.Network, err)
	}
	secret, err := keep(start)
	if err != nil {
		return nil, err
	}
	principal := signin.From(ctx)
	err = d.Vault.BeginAuthorization(ctx, start.State, vault.Authorization{
		Workspace: admission.ID, User: principal.User, Session: principal.Credential[:], Network: input.Body.Network,
	}, secret)
	if err != nil {
		return nil, err
	}
	output := &beginOutput{}
	if len(start.Form) == 0 {
		output.Body.AuthorizeURL = start.URL
		return output, nil
	}
	output.Body.State = start.State
	for _, f := range start.Form {
		output.Body.Form = append(output.Body.Form, Field{Name: f.Name, Label: f.Label, Help: f.Help, Secret: f.Secret, Optional: f.Optional, MaxLength: f.MaxLength})
	}
	return output, nil
}

// choose finds the network's connector, for who may connect anything at all:
// whoever is refused anyway has no host asked.
func (d *Desk) choose(admission access.Admission, network, host string) (networks.Connector, error) {
	if err := mayConnectAny(admission); err != nil {
		return nil, err
	}
	connector, err := d.Networks.Connector(network)
	if err != nil {
		return nil, domain.Wrong(0, "network", "unknown_network", "This installation offers: "+strings.Join(d.Networks.Names(), ", ")+".")
	}
	switch hosted := connector.Capabilities().Hosted; {
	case hosted && host == "":
		return nil, domain.Wrong(0, "host", "host_needed", "This network is spread over many hosts. Name yours.")
	case !hosted && host != "":
		return nil, domain.Wrong(0, "host", "host_not_taken", "This network is at one place only. Leave the host out.")
	}
	return connector, nil
}

// mayConnectAny refuses with R35 who has nothing to connect: no account in mode
// member, none that they added (R67), and no right to add one (R7, R16).
func mayConnectAny(admission access.Admission) error {
	member := admission.Member
	if member.Role == workspace.Owner || member.MayAddAccounts() == nil {
		return nil
	}
	for id, account := range admission.Workspace.Accounts {
		if account.AddedBy == member.User || member.Assignments[id].CredentialMode == workspace.MemberMode {
			return nil
		}
	}
	return domain.Forbid(domain.R35, "owner_reauthenticates", "You have no account to connect: the Owner connects those that you post to.")
}

type answerInput struct {
	Body struct {
		State  string            `json:"state" minLength:"1" maxLength:"200" doc:"As beginning answered it."`
		Fields map[string]string `json:"fields" doc:"What was filled in, by the name of each field. It is in no answer, log or event (R41)."`
	} `nameHint:"AnsweredForm"`
}

func (d *Desk) answer(ctx context.Context, input *answerInput) (*finishOutput, error) {
	back, err := d.take(ctx, input.Body.State)
	if err != nil {
		return nil, err
	}
	if !back.kept.asksByForm() {
		return nil, refusal(http.StatusConflict, "authorization_failed", errNoForm)
	}
	filled, err := back.kept.fill(input.Body.Fields)
	if err != nil {
		return nil, err
	}
	return d.complete(ctx, back, networks.Callback{Fields: filled})
}

var errNoForm = &networks.Failure{Kind: networks.Rejected, Code: "no_form", Detail: "This network is signed in to, and asks for no form. Begin a new one."}

// fill takes what the form asked for, and nothing else, within its bounds. It
// repeats nothing of what was sent.
func (k kept) fill(sent map[string]string) (map[string]networks.Secret, error) {
	filled := map[string]networks.Secret{}
	for _, f := range k.Fields {
		value, given := sent[f.Name]
		if !given {
			continue
		}
		if f.MaxLength > 0 && len([]rune(value)) > f.MaxLength {
			return nil, domain.Wrong(0, "fields."+f.Name, "field_too_long", fmt.Sprintf("It has at most %d characters.", f.MaxLength))
		}
		filled[f.Name] = networks.NewSecret(value)
	}
	if len(filled) < len(sent) {
		return nil, domain.Wrong(0, "fields", "unknown_field", "There is a field that the form does not have.")
	}
	return filled, nil
}
