// Package scope holds API tokens to what they were made for: to a group of
// operations, and perhaps to some workspaces.
//
// What an operation takes follows from its address, and is part of the OpenAPI
// document ("x-scope"). An address that nothing here knows is closed to API
// tokens: a forgotten declaration closes, it does not open.
package scope

import (
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"

	"behalf/api/access"
	"behalf/api/command"
	"behalf/api/problem"
	"behalf/api/signin"
	"behalf/domain"
)

// Session is what the document says of operations that no API token may use.
const Session = "session"

// Extension is the document's property of an operation that names its scope.
const Extension = "x-scope"

const inWorkspace = "/v1/workspaces/{workspace}"

// Book knows what every operation takes.
type Book struct{ commands map[string]signin.Scope }

// NewBook reads from the catalog which commands belong together.
func NewBook(aggregates []domain.Aggregate) Book {
	book := Book{commands: map[string]signin.Scope{}}
	for _, aggregate := range aggregates {
		for _, kind := range aggregate.Commands {
			if kind.Dangerous {
				continue // takes a fresh proof, which no program can give
			}
			switch aggregate.Category {
			case domain.WorkspaceStreams:
				book.commands[kind.Name] = signin.ToWorkspaces
			case domain.AccountStreams:
				book.commands[kind.Name] = signin.ToAccounts
			case domain.PostStreams:
				book.commands[kind.Name] = signin.ToPosts
			}
		}
	}
	return book
}

// Of is the scope that an operation takes; none for one that is closed to API tokens.
func (b Book) Of(method, path string) (scope signin.Scope, open bool) {
	name, isCommand := strings.CutPrefix(path, strings.TrimSuffix(command.Path, "{command}"))
	rest, isInside := strings.CutPrefix(path, inWorkspace)
	switch {
	case isCommand:
		scope, open = b.commands[name]
		return scope, open
	case isInside && (rest == "/history" || strings.HasPrefix(rest, "/history/")):
		return signin.ToAudit, true
	case isInside && method == http.MethodPost && rest == "/authorizations":
		return signin.ToAccounts, true
	case access.ForOperators(path):
		return signin.ToOperate, true
	case isInside && method != http.MethodGet && (rest == "/media" || rest == "/media/{media}"):
		return signin.ToPosts, true
	case strings.HasPrefix(path, "/v1/authorizations/"):
		return signin.ToAccounts, true
	case method == http.MethodPost && path == "/v1/workspaces":
		return signin.ToWorkspaces, true
	case method != http.MethodGet && method != http.MethodHead:
		return "", false
	case isInside && strings.HasPrefix(rest, "/exports/"):
		return "", false // takes a fresh proof, which no program can give
	case isInside, path == "/v1/workspaces", path == "/v1/me", path == "/v1/tokens", path == "/v1/networks":
		return signin.ToRead, true
	default:
		return "", false
	}
}

// Document writes into an operation's description what it takes.
func (b Book) Document(_ *huma.OpenAPI, operation *huma.Operation) {
	if operation.Security != nil {
		return // public
	}
	takes := Session
	if scope, open := b.Of(operation.Method, operation.Path); open {
		takes = string(scope)
	}
	if operation.Extensions == nil {
		operation.Extensions = map[string]any{}
	}
	operation.Extensions[Extension] = takes
}

// Enforce refuses what an API token was not made for. It comes after
// authenticating, and before anything is looked up: a token learns nothing
// about a workspace that it is not for (R32).
func (b Book) Enforce(ctx huma.Context, next func(huma.Context)) {
	if err := b.allows(ctx); err != nil {
		r, w := humachi.Unwrap(ctx)
		problem.Write(w, r, err)
		return
	}
	next(ctx)
}

func (b Book) allows(ctx huma.Context) error {
	principal, operation := signin.From(ctx.Context()), ctx.Operation()
	if principal.User.IsZero() || principal.IsSession || operation.Security != nil {
		return nil
	}
	path := operation.Path
	if path == command.Path {
		path = strings.Replace(path, "{command}", ctx.Param("command"), 1)
		if _, known := b.Of(operation.Method, path); !known {
			// there is no such command, or it takes a session: that is said to
			// members alone, by what comes next
			path = inWorkspace
			return b.within(ctx, principal, path)
		}
	}
	scope, open := b.Of(operation.Method, path)
	switch {
	case !open:
		return problem.New(http.StatusForbidden, "session_required", "Sign in yourself to do this: no API token can.")
	case !slices.Contains(principal.Scopes, scope):
		return problem.New(http.StatusForbidden, "insufficient_scope", "This takes an API token with the scope "+string(scope)+".").
			Challenge(`Bearer realm="behalf", error="insufficient_scope", scope="` + string(scope) + `"`)
	}
	return b.within(ctx, principal, path)
}

// within holds a token for some workspaces to them. What is about no workspace
// in particular is not for it, except who its person is.
func (b Book) within(ctx huma.Context, principal signin.Principal, path string) error {
	if len(principal.Workspaces) == 0 || path == "/v1/me" {
		return nil
	}
	if !strings.HasPrefix(path, inWorkspace) {
		return problem.New(http.StatusForbidden, "insufficient_scope", "This API token is for some workspaces, and this is about all of them.")
	}
	var workspace domain.WorkspaceID
	if err := workspace.UnmarshalText([]byte(ctx.Param("workspace"))); err != nil || !slices.Contains(principal.Workspaces, workspace) {
		return domain.Hidden()
	}
	return nil
}
