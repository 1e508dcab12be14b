package apitest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain/user"
)

// Password is everybody's password in tests, recognisable wherever it leaks.
const Password = "canary-password-of-the-test"

// Person sends requests, with a token once they have signed in.
type Person struct {
	ID    string
	Email string
	Token string

	t     testing.TB
	world *World
}

// Answer is what came back.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte

	t testing.TB
}

// Problem is the body of a refusal.
type Problem struct {
	Type      string
	Title     string
	Status    int
	Detail    string
	Code      string
	Rule      string
	Errors    []struct{ Location, Message string }
	RequestID string `json:"request_id"`
	Position  int64
	Reached   *int64
}

// Nobody is somebody who has not signed in.
func (w *World) Nobody(t testing.TB) *Person { return &Person{t: t, world: w} }

// SignUp registers a person, verifies their address and signs them in.
func (w *World) SignUp(t testing.TB, name string) *Person {
	t.Helper()
	p := &Person{t: t, world: w, Email: name + "@example.com"}
	p.Post("/v1/users", map[string]any{"email": p.Email, "name": strings.ToUpper(name[:1]) + name[1:], "password": Password}).Is(http.StatusAccepted)
	var session struct{ User, Token string }
	p.Post("/v1/verifications/complete", map[string]any{
		"token": w.LinkTo(t, p.Email, user.ToVerify), "password": Password, "delivery": "token",
	}).Is(http.StatusOK).Read(&session)
	p.ID, p.Token = session.User, session.Token
	return p
}

// SignIn signs a person in once more, with another session.
func (p *Person) SignIn() *Person {
	p.t.Helper()
	other := *p
	var session struct{ Token string }
	p.world.Nobody(p.t).Post("/v1/sessions", map[string]any{"email": p.Email, "password": Password, "delivery": "token"}).
		Is(http.StatusCreated).Read(&session)
	other.Token = session.Token
	return &other
}

// With is the same person in another test.
func (p *Person) With(t testing.TB) *Person {
	other := *p
	other.t = t
	return &other
}

// Get reads something.
func (p *Person) Get(path string) Answer { return p.Send(http.MethodGet, path, nil) }

// Post sends a body as JSON.
func (p *Person) Post(path string, body any) Answer {
	p.t.Helper()
	written, err := json.Marshal(body)
	require.NoError(p.t, err)
	return p.Send(http.MethodPost, path, written, "Content-Type", "application/json")
}

// Command issues a command; headers are names and values in turn.
func (p *Person) Command(workspace, name string, body any, headers ...string) Answer {
	p.t.Helper()
	written, err := json.Marshal(body)
	require.NoError(p.t, err)
	return p.Send(http.MethodPost, "/v1/workspaces/"+workspace+"/commands/"+name, written,
		append([]string{"Content-Type", "application/json"}, headers...)...)
}

// Send sends a request; headers are names and values in turn.
func (p *Person) Send(method, path string, body []byte, headers ...string) Answer {
	p.t.Helper()
	address := path
	if !strings.HasPrefix(path, "http") {
		address = p.world.URL + path
	}
	request, err := http.NewRequestWithContext(p.t.Context(), method, address, bytes.NewReader(body))
	require.NoError(p.t, err)
	if p.Token != "" {
		request.Header.Set("Authorization", "Bearer "+p.Token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	require.NoError(p.t, err)
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(response.Body)
	require.NoError(p.t, err)
	return Answer{Status: response.StatusCode, Header: response.Header, Body: content, t: p.t}
}

// Is requires a status.
func (a Answer) Is(status int) Answer {
	a.t.Helper()
	require.Equal(a.t, status, a.Status, "%s", a.Body)
	return a
}

// Read decodes the body.
func (a Answer) Read(into any) Answer {
	a.t.Helper()
	require.NoError(a.t, json.Unmarshal(a.Body, into), "%s", a.Body)
	return a
}

// Problem requires a refusal with this status and code.
func (a Answer) Problem(status int, code string) Problem {
	a.t.Helper()
	a.Is(status)
	require.Equal(a.t, "application/problem+json", a.Header.Get("Content-Type"))
	var problem Problem
	a.Read(&problem)
	require.Equal(a.t, code, problem.Code, "%s", a.Body)
	require.Equal(a.t, status, problem.Status)
	require.NotEmpty(a.t, problem.Title)
	require.Contains(a.t, problem.Type, "/docs/problems#"+code)
	require.Equal(a.t, a.Header.Get("X-Request-Id"), problem.RequestID)
	return problem
}
