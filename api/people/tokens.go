package people

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"behalf/api/access"
	"behalf/api/problem"
	"behalf/api/signin"
	"behalf/domain"
)

// maxTokenDays bounds how long an API token may live, in days.
const maxTokenDays = 3650

// maxTokenName is how many characters the name of an API token may have.
const maxTokenName = 100

func (d *Desk) mountTokens(api huma.API) {
	problem.Handler(api, huma.Operation{
		OperationID: "add-token", Method: http.MethodPost, Path: "/v1/tokens", DefaultStatus: http.StatusCreated,
		Summary: "Make an API token for a program of yours.", Tags: []string{"People"},
		Description: "The token may do what you may and its scopes cover: read (all that you see, but histories), workspaces, accounts and posts " +
			"(the commands about these), audit (histories and their proofs), operate (for operators of the installation alone). " +
			"No scope covers your own account, its sessions and tokens. " +
			"It is shown this once. Only a session can make one, within ten minutes of proving who one is.",
	}, d.addToken)
	problem.Handler(api, huma.Operation{
		OperationID: "tokens", Method: http.MethodGet, Path: "/v1/tokens",
		Summary: "Your API tokens.", Tags: []string{"People"},
	}, d.tokens)
	problem.Handler(api, huma.Operation{
		OperationID: "remove-token", Method: http.MethodDelete, Path: "/v1/tokens/{id}", DefaultStatus: http.StatusNoContent,
		Summary: "End an API token.", Tags: []string{"People"}, Description: "Only a session can end one.",
	}, d.removeToken)
}

// Token is an API token without its secret.
type Token struct {
	ID         signin.TokenID       `json:"id" doc:"The token's id; no secret."`
	Name       string               `json:"name" doc:"What it is for."`
	Hint       string               `json:"hint" doc:"How the token begins." example:"bhf_3kQz"`
	Scopes     []signin.Scope       `json:"scopes" enum:"read,workspaces,accounts,posts,audit,operate" doc:"What it may do."`
	Workspaces []domain.WorkspaceID `json:"workspaces,omitempty" doc:"The only workspaces that it is for; absent: all of yours."`
	CreatedAt  time.Time            `json:"created_at" doc:"When it was made."`
	ExpiresAt  time.Time            `json:"expires_at,omitzero" doc:"When it ends; absent: never."`
	LastUsedAt time.Time            `json:"last_used_at,omitzero" doc:"When it was used last, to the minute; absent: never."`
}

type addTokenInput struct {
	Body struct {
		Name          string               `json:"name" minLength:"1" maxLength:"100" example:"Reporting" doc:"What it is for."`
		Scopes        []signin.Scope       `json:"scopes,omitempty" minItems:"1" maxItems:"6" uniqueItems:"true" enum:"read,workspaces,accounts,posts,audit,operate" doc:"What it may do. Left out: read."`
		Workspaces    []domain.WorkspaceID `json:"workspaces,omitempty" minItems:"1" maxItems:"100" uniqueItems:"true" doc:"The only workspaces that it is for. Left out: all of yours, those to come too."`
		ExpiresInDays int                  `json:"expires_in_days,omitempty" minimum:"1" maximum:"3650" doc:"When it ends. Left out: never."`
	} `nameHint:"NewToken"`
}

type addTokenOutput struct {
	Body struct {
		Token
		Secret string `json:"token" doc:"The token itself; shown this once."`
	} `nameHint:"AddedToken"`
}

func (d *Desk) addToken(ctx context.Context, input *addTokenInput) (*addTokenOutput, error) {
	person, err := access.FreshlyProved(signin.From(ctx), d.Commands.Actor(ctx).Now)
	if err != nil {
		return nil, err
	}
	name := strings.TrimSpace(input.Body.Name)
	if !domain.IsLine(name, maxTokenName) {
		return nil, domain.Wrong(0, "name", "malformed_name", "A name is one line of 1 to 100 characters.")
	}
	wanted := signin.APIToken{Name: name, Scopes: input.Body.Scopes, Workspaces: input.Body.Workspaces}
	if len(wanted.Scopes) == 0 {
		wanted.Scopes = []signin.Scope{signin.ToRead}
	}
	if slices.Contains(wanted.Scopes, signin.ToOperate) {
		if err := d.Operators.Admit(signin.From(ctx)); err != nil {
			return nil, err
		}
	}
	if days := min(input.Body.ExpiresInDays, maxTokenDays); days > 0 {
		wanted.ExpiresAt = d.Commands.Actor(ctx).Now.AddDate(0, 0, days)
	}
	added, secret, err := d.SignIn.AddToken(ctx, person, wanted)
	if err != nil {
		return nil, err
	}
	output := &addTokenOutput{}
	output.Body.Token, output.Body.Secret = Token(added), secret.Reveal()
	return output, nil
}

type tokensOutput struct {
	Body struct {
		Tokens []Token `json:"tokens" doc:"The newest first, expired ones included."`
	} `nameHint:"Tokens"`
}

func (d *Desk) tokens(ctx context.Context, _ *struct{}) (*tokensOutput, error) {
	held, err := d.SignIn.Tokens(ctx, signin.From(ctx).User)
	if err != nil {
		return nil, err
	}
	output := &tokensOutput{}
	output.Body.Tokens = make([]Token, len(held))
	for i, token := range held {
		output.Body.Tokens[i] = Token(token)
	}
	return output, nil
}

type removeTokenInput struct {
	ID string `path:"id" doc:"The token's id."`
}

func (d *Desk) removeToken(ctx context.Context, input *removeTokenInput) (*struct{}, error) {
	person, err := access.SignedInPerson(signin.From(ctx))
	if err != nil {
		return nil, err
	}
	var id signin.TokenID
	if err := id.UnmarshalText([]byte(input.ID)); err != nil {
		return nil, signin.ErrNoToken
	}
	return nil, d.SignIn.RemoveToken(ctx, person, id)
}
