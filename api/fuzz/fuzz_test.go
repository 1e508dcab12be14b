package fuzz_test

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
)

type operation struct {
	OperationID string
	Parameters  []struct{ Name, In string }
	RequestBody *struct {
		Content map[string]struct{ Example json.RawMessage }
	}
	method, path string
}

// operations are those of the document, in a stable order. A stream never ends,
// and who is erased asks nothing any more.
func operations(t *testing.T, w *apitest.World) (all []operation) {
	t.Helper()
	var document struct {
		Paths map[string]map[string]operation
	}
	w.Nobody(t).Get("/openapi.json").Is(http.StatusOK).Read(&document)
	for _, path := range slices.Sorted(maps.Keys(document.Paths)) {
		for _, method := range slices.Sorted(maps.Keys(document.Paths[path])) {
			op := document.Paths[path][method]
			op.method, op.path = strings.ToUpper(method), path
			if !strings.HasSuffix(path, "/events") {
				all = append(all, op)
			}
		}
	}
	return all
}

// internals are what no answer may show: words of our code, of the database, of
// the machine.
var internals = regexp.MustCompile(`(?i)SQLSTATE|\bpgx\b|pgconn|goroutine|\bpanic|\.go:\d|syntax error at|relation "|column "|violates|/usr/|/tmp/|encoding/json|(?-i:json: )|strconv\.|reflect\.|runtime error|nil pointer|\bhuma\b|behalf/(api|domain|eventstore)`)

// pictures are random characters, in which anything can be found.
var pictures = regexp.MustCompile(`data:image/png;base64,[A-Za-z0-9+/=]+`)

// acceptable are answers that say that something is not there yet.
var acceptable = []string{"view_behind", "timed_out", "network_unavailable"}

// Whatever is asked, in whatever form: nothing breaks, and nothing of the
// inside is told.
func TestNonsense(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	begin := seed()
	t.Log("seed", begin)
	made := nonsense{rand.New(rand.NewPCG(begin, 0))}
	olivia := team.Olivia
	statuses, others := map[int]int{}, 0
	for range rounds {
		for _, op := range operations(t, team.World) {
			path, headers := made.address(op, team)
			var body []byte
			if op.RequestBody != nil {
				body = made.body(op.RequestBody.Content["application/json"].Example)
				headers = append(headers, "Content-Type", "application/json")
			}
			answer := olivia.Send(op.method, path, body, headers...)
			statuses[answer.Status]++
			judge(t, answer, op, path, body)
			if answer.Status == http.StatusUnauthorized && olivia.Get("/v1/me").Status == http.StatusUnauthorized {
				others++
				olivia = team.SignUp(t, "another"+strconv.Itoa(others)) // signed out, or erased
			}
		}
	}
	require.NotContains(t, team.Logs.String(), `"msg":"request failed"`)
	require.NotContains(t, team.Logs.String(), "handler panicked")
	require.Greater(t, statuses[http.StatusOK]+statuses[http.StatusCreated], rounds, "some of it makes sense: %v", statuses)
	require.Greater(t, statuses[http.StatusUnprocessableEntity], rounds, "%v", statuses)
}

func judge(t *testing.T, answer apitest.Answer, op operation, path string, body []byte) {
	t.Helper()
	told := op.OperationID + " " + path + " " + string(body) + " → " + string(answer.Body)
	require.NotRegexp(t, internals, pictures.ReplaceAllString(string(answer.Body), "a picture"), told)
	if answer.Status < http.StatusBadRequest {
		return
	}
	require.Equal(t, "application/problem+json", answer.Header.Get("Content-Type"), told)
	var problem apitest.Problem
	answer.Read(&problem)
	require.NotEmpty(t, problem.Code, told)
	require.NotEmpty(t, problem.Title, told)
	if answer.Status >= http.StatusInternalServerError {
		require.Contains(t, acceptable, problem.Code, told)
	}
}

// address fills in a path, and some parameters and headers.
func (n nonsense) address(op operation, team *apitest.Team) (string, []string) {
	path := op.path
	query := url.Values{}
	var headers []string
	for _, parameter := range op.Parameters {
		value := n.text()
		switch {
		case parameter.In == "path" && parameter.Name == "workspace" && n.IntN(10) > 0:
			path = strings.Replace(path, "{workspace}", team.Workspace, 1)
		case parameter.In == "path":
			if value == "" || value == "../../etc/passwd" {
				value = "nothing"
			}
			path = strings.Replace(path, "{"+parameter.Name+"}", url.PathEscape(value), 1)
		case parameter.In == "query" && n.IntN(3) == 0 && parameter.Name != "position":
			query.Set(parameter.Name, value)
		case parameter.In == "header" && n.IntN(3) == 0 && !strings.ContainsAny(value, "\n\x00\u202e\ufffd😀"):
			headers = append(headers, parameter.Name, value)
		}
	}
	if n.IntN(20) == 0 {
		query.Set(n.text(), n.text())
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return path, headers
}
