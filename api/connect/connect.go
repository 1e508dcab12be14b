// Package connect lets members connect social accounts: an authorization
// begins here, the network sends the browser back here, and the command
// ConnectAccount ends it with one of the accounts that it gave access to.
//
//	POST …/authorizations               begin: kept sealed, bound to this session, ten minutes
//	GET /v1/authorizations/callback/…   the code is exchanged; what came of it is kept sealed as a grant
//	POST /v1/authorizations/form        the same, where a form is filled in instead of going to the network
//	ConnectAccount                      the network confirms the right to post (R37); the grant becomes a connection
//
// No token leaves the vault through here, and the API could not read one back.
package connect

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"behalf/api/access"
	"behalf/api/problem"
	"behalf/internal/networks"
	"behalf/internal/vault"
)

// callbackPath is where networks send browsers back to. Each network has an
// address of its own, so that the answer of one cannot be taken for another's
// (RFC 9700, section 4.4.2).
const callbackPath = "/v1/authorizations/callback/"

// RedirectURI is what has to be registered with a network.
func RedirectURI(publicURL, network string) string { return publicURL + callbackPath + network }

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
		Description: "Answers where to send your browser, or the form to fill in. The network sends the browser back to the callback, " +
			"which has to be called with the same session or API token, within ten minutes, once.",
	}, d.begin)
	problem.Handler(api, huma.Operation{
		OperationID: "finish-authorization", Method: http.MethodGet, Path: callbackPath + "{network}",
		Summary: "Where a network sends the browser back to.", Tags: []string{"Connecting"},
		SkipValidateParams: true, // whatever else a network sends along
		Description:        "Lists the accounts that the authorization gives access to. Name one of them in ConnectAccount within ten minutes.",
	}, d.finish)
	problem.Handler(api, huma.Operation{
		OperationID: "finish-authorization-at", Method: http.MethodGet, Path: callbackPath + "{network}/{server}",
		Summary: "Where one of a network's many servers sends the browser back to.", Tags: []string{"Connecting"},
		SkipValidateParams: true,
		Description: "As finish-authorization, for networks whose servers people name themselves: each has an address of its own, " +
			"so that what one of them answers is never taken for another's.",
	}, func(ctx context.Context, input *finishAtInput) (*finishOutput, error) {
		return d.finish(ctx, &input.Return)
	})
	problem.Handler(api, huma.Operation{
		OperationID: "answer-authorization", Method: http.MethodPost, Path: "/v1/authorizations/form",
		Summary: "Answer the form of a network that has no sign-in of its own.", Tags: []string{"Connecting"},
		Description: "With the same session or API token that began it, within ten minutes, once: when the network refuses " +
			"what was filled in, begin a new one. Answers like the callback.",
	}, d.answer)
	d.mountNetworks(api)
}

// unknownAuthorization answers for all that is not there to be taken: who
// guesses learns nothing.
func unknownAuthorization(err error) error {
	if errors.Is(err, vault.ErrNotFound) {
		return problem.New(http.StatusNotFound, "authorization_not_found", "It is unknown, too old or used already. Begin a new one.")
	}
	return err
}
