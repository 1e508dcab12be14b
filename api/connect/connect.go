// Package connect lets members connect social accounts: an authorization
// begins here, the network sends the browser back here, and the command
// ConnectAccount ends it with one of the accounts that it gave access to.
//
//	POST …/authorizations          begin: kept sealed, bound to this session, ten minutes
//	GET /v1/authorizations/callback  the code is exchanged; what came of it is kept sealed as a grant
//	ConnectAccount                 the network confirms the right to post (R37); the grant becomes a connection
//
// No token leaves the vault through here, and the API could not read one back.
package connect

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"behalf/api/access"
	"behalf/api/problem"
	"behalf/api/signin"
	"behalf/domain"
	"behalf/internal/networks"
	"behalf/internal/vault"
)

// callbackPath is where networks send browsers back to; registered with each
// of them as PublicURL + callbackPath.
const callbackPath = "/v1/authorizations/callback"

// RedirectURI is what has to be registered with every network.
func RedirectURI(publicURL string) string { return publicURL + callbackPath }

// Desk connects accounts.
type Desk struct {
	Door      *access.Door
	Vault     *vault.Vault
	Networks  networks.Registry
	PublicURL string
	Logger    *slog.Logger
}

// Mount adds the operations.
func (d *Desk) Mount(api huma.API) {
	problem.Handler(api, huma.Operation{
		OperationID: "begin-authorization", Method: http.MethodPost, Path: "/v1/workspaces/{workspace}/authorizations",
		DefaultStatus: http.StatusCreated, Summary: "Begin to connect a social account.", Tags: []string{"Connecting"},
		Description: "Answers where to send your browser. The network sends it back to the callback, which has to be called " +
			"with the same session or API token, within ten minutes, once.",
	}, d.begin)
	problem.Handler(api, huma.Operation{
		OperationID: "finish-authorization", Method: http.MethodGet, Path: callbackPath,
		Summary: "Where a network sends the browser back to.", Tags: []string{"Connecting"},
		SkipValidateParams: true, // whatever else a network sends along
		Description:        "Lists the accounts that the authorization gives access to. Name one of them in ConnectAccount within ten minutes.",
	}, d.finish)
}

type beginInput struct {
	Workspace string `path:"workspace" doc:"The workspace."`
	Body      struct {
		Network string `json:"network" minLength:"1" maxLength:"50" doc:"The network's name." example:"sandbox"`
	} `nameHint:"NewAuthorization"`
}

type beginOutput struct {
	Body struct {
		AuthorizeURL string `json:"authorize_url" format:"uri" doc:"Where to send your browser."`
	} `nameHint:"BegunAuthorization"`
}

func (d *Desk) begin(ctx context.Context, input *beginInput) (*beginOutput, error) {
	admission, err := d.Door.Admit(ctx, input.Workspace)
	if err != nil {
		return nil, err
	}
	connector, err := d.Networks.Connector(input.Body.Network)
	if err != nil {
		return nil, domain.Wrong(0, "network", "unknown_network", "Networks: "+strings.Join(d.Networks.Names(), ", ")+".")
	}
	start, err := connector.Authorize(networks.AuthRequest{RedirectURI: RedirectURI(d.PublicURL)})
	if err != nil {
		return nil, fmt.Errorf("authorize at %s: %w", input.Body.Network, err)
	}
	sealed, err := start.Pending.Seal()
	if err != nil {
		return nil, err
	}
	principal := signin.From(ctx)
	err = d.Vault.BeginAuthorization(ctx, start.State, vault.Authorization{
		Workspace: admission.ID, User: principal.User, Session: principal.Credential[:], Network: input.Body.Network,
	}, vault.NewSecret(sealed))
	if err != nil {
		return nil, err
	}
	output := &beginOutput{}
	output.Body.AuthorizeURL = start.URL
	return output, nil
}

// unknownAuthorization answers for all that is not there to be taken: who
// guesses learns nothing.
func unknownAuthorization(err error) error {
	if errors.Is(err, vault.ErrNotFound) {
		return problem.New(http.StatusNotFound, "authorization_not_found", "It is unknown, too old or used already. Begin a new one.")
	}
	return err
}
