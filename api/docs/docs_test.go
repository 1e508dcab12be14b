package docs_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
	"behalf/api/docs/rulebook"
	"behalf/api/problem"
	"behalf/domain"
	"behalf/domain/catalog"
)

type document struct {
	OpenAPI    string `json:"openapi"`
	Paths      map[string]map[string]operation
	Components struct {
		Schemas map[string]struct {
			Properties map[string]struct{ Pattern, Description string }
		}
	}
}

type operation struct {
	OperationID string
	Summary     string
	Description string
	Security    []map[string][]string
	RequestBody struct {
		Content map[string]struct {
			Schema  map[string]any
			Example any
		}
	}
	Responses map[string]struct {
		Content map[string]struct {
			Schema  map[string]any
			Example any
		}
	}
}

func TestOpenAPI(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	answer := w.Nobody(t).Get("/openapi.json").Is(http.StatusOK)
	require.Equal(t, "application/json", answer.Header.Get("Content-Type"))
	var described document
	answer.Read(&described)
	require.Regexp(t, `^3\.1\.`, described.OpenAPI)

	for name, kind := range catalog.Commands() {
		command, found := described.Paths["/v1/workspaces/{workspace}/commands/"+name]
		require.Equal(t, kind.Issuer == domain.ByMember, found, name)
		if !found {
			continue
		}
		op := command["post"]
		require.Equal(t, kind.Summary, op.Summary)
		for _, rule := range kind.Rules {
			require.Contains(t, op.Description, "**"+rule.String()+"** ", name)
		}
		require.NotEmpty(t, op.RequestBody.Content["application/json"].Schema)
		require.NotNil(t, op.RequestBody.Content["application/json"].Example, name)
		for _, code := range rulebook.Refusals(name) {
			require.Contains(t, op.Description, "`"+code+"`", name)
		}
		require.NotEmpty(t, op.Responses["200"].Content["application/json"].Schema)
		refusal := op.Responses["default"].Content[problem.ContentType]
		require.NotEmpty(t, refusal.Schema)
		require.NotEmpty(t, refusal.Example.(map[string]any)["code"])
	}
	for path, methods := range described.Paths {
		for method, op := range methods {
			require.NotEmpty(t, op.Summary, path)
			require.NotEmpty(t, op.OperationID, path)
			require.Contains(t, string(answer.Body), "#/components/schemas/Problem", method)
		}
	}
	require.NotContains(t, answer.Header, "Link")
}

// Every reference leads somewhere, and what is public says so.
func TestReferencesAndSecurity(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	answer := w.Nobody(t).Get("/openapi.json").Is(http.StatusOK)
	var described document
	answer.Read(&described)
	for _, reference := range regexp.MustCompile(`"#/components/schemas/([^"]+)"`).FindAllStringSubmatch(string(answer.Body), -1) {
		require.Contains(t, described.Components.Schemas, reference[1])
	}
	public := map[string]bool{}
	for path, methods := range described.Paths {
		for method, op := range methods {
			if op.Security != nil {
				public[method+" "+path] = true
			}
		}
	}
	require.Equal(t, map[string]bool{
		"post /v1/users": true, "post /v1/verifications": true, "post /v1/verifications/complete": true,
		"get /v1/sign-in/providers": true, "post /v1/sign-in/{provider}": true, "get /v1/sign-in/{provider}/callback": true,
		"post /v1/password-resets": true, "post /v1/password-resets/complete": true,
		"post /v1/sessions": true, "get /v1/links/{token}": true, "get /v1/invitations/{token}": true, "get /media/{media}": true,
	}, public)
	require.Contains(t, string(answer.Body), `"pattern":"^acc_[0-9a-f]{32}$"`, "ids have their form")
}

// The pages load nothing from elsewhere, explain every code and every rule, and
// every link inside them leads somewhere.
func TestPages(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	pages := map[string]string{}
	for _, path := range []string{"/docs", "/docs/problems", "/docs/rules"} {
		answer := w.Nobody(t).Get(path).Is(http.StatusOK)
		require.Equal(t, "text/html; charset=utf-8", answer.Header.Get("Content-Type"))
		page := string(answer.Body)
		require.NotRegexp(t, `(src|href)="(https?:)?//`, page)
		require.NotContains(t, page, "<script")
		require.NotContains(t, page, "ZgotmplZ")
		pages[path] = page
	}
	for _, code := range problem.Codes() {
		require.Contains(t, pages["/docs/problems"], `id="`+code.Code+`"`)
	}
	for rule := domain.R1; rule <= domain.R69; rule++ {
		require.Contains(t, pages["/docs/rules"], `id="`+rule.String()+`"`)
	}
	for name, kind := range catalog.Commands() {
		require.Equal(t, kind.Issuer == domain.ByMember, strings.Contains(pages["/docs"], "/commands/"+name+"<"), name)
	}
	for _, page := range pages {
		for _, link := range regexp.MustCompile(`href="(/[^"#]*)(?:#([^"]*))?"`).FindAllStringSubmatch(page, -1) {
			if link[1] == "/openapi.json" {
				continue
			}
			require.Contains(t, pages, link[1])
			if link[2] != "" {
				require.Contains(t, pages[link[1]], `id="`+link[2]+`"`)
			}
		}
	}
}

// The example of a refusal is one that could be answered.
func TestExamples(t *testing.T) {
	t.Parallel()
	codes := map[string]string{}
	for _, code := range problem.Codes() {
		codes[code.Code] = code.Title
	}
	w := apitest.Start(t)
	var described document
	w.Nobody(t).Get("/openapi.json").Is(http.StatusOK).Read(&described)
	for path, methods := range described.Paths {
		if refusal, _ := methods["post"].Responses["default"].Content[problem.ContentType].Example.(map[string]any); strings.Contains(path, "/commands/") {
			require.Equal(t, codes[refusal["code"].(string)], refusal["title"], path)
		}
	}
}
