package fake_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks/fake"
)

// recorder is a test that is allowed to fail.
type recorder struct {
	testing.TB
	mu       sync.Mutex
	failures []string
}

func (r *recorder) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

func (r *recorder) failed() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.failures
}

// Everything undocumented fails the test, and nothing else does.
func TestStrict(t *testing.T) {
	t.Parallel()
	type post struct {
		Text string `json:"text"`
	}
	for name, c := range map[string]struct {
		method, target, body string
		header               map[string]string
		problem              string
	}{
		"documented":       {"POST", "/posts?dry=1", `{"text":"x"}`, nil, ""},
		"unknown call":     {"POST", "/pots", `{"text":"x"}`, nil, "no such call"},
		"wrong method":     {"PUT", "/posts", `{"text":"x"}`, nil, "no such call"},
		"parameter":        {"POST", "/posts?wet=1", `{"text":"x"}`, nil, "parameter wet"},
		"member":           {"POST", "/posts", `{"text":"x","more":1}`, nil, `unknown field "more"`},
		"header":           {"POST", "/posts", `{"text":"x"}`, map[string]string{"X-More": "1"}, "header X-More"},
		"wrong version":    {"POST", "/posts", `{"text":"x"}`, map[string]string{"Api-Version": "2"}, "header Api-Version is 2"},
		"two documents":    {"POST", "/posts", `{"text":"x"}{}`, nil, "more than one document"},
		"another type":     {"POST", "/posts", `{"text":"x"}`, map[string]string{"Content-Type": "text/plain"}, "content type text/plain"},
		"form":             {"POST", "/form", "a=1&b2=2", map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, ""},
		"field":            {"POST", "/form", "c=1", map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, "field c"},
		"repeated field":   {"POST", "/form", "a=1&a=2", map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, "repeated field a"},
		"a body on a read": {"GET", "/posts", "x", nil, "a body"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &recorder{TB: t}
			version := map[string]string{"Api-Version": "1"}
			done := func(w http.ResponseWriter, _ *http.Request, _ any) { fake.JSON(w, http.StatusOK, post{"done"}) }
			address, _ := fake.Serve(t, fake.Strict(r,
				fake.Endpoint{Pattern: "POST /posts", Query: []string{"dry"}, Headers: version, JSON: func() any { return &post{} }, Handle: done},
				fake.Endpoint{Pattern: "GET /posts", Headers: version, Handle: done},
				fake.Endpoint{Pattern: "POST /form", Headers: version, Form: []string{"a", "b[]"}, Handle: done},
			))
			request, err := http.NewRequestWithContext(t.Context(), c.method, address+c.target, strings.NewReader(c.body))
			require.NoError(t, err)
			request.Header.Set("Content-Type", "application/json")
			request.Header.Set("Api-Version", "1")
			for name, value := range c.header {
				request.Header.Set(name, value)
			}
			response, err := http.DefaultClient.Do(request)
			require.NoError(t, err)
			defer func() { _ = response.Body.Close() }()
			_, _ = io.Copy(io.Discard, response.Body)
			if c.problem == "" {
				require.Empty(t, r.failed())
				require.Equal(t, http.StatusOK, response.StatusCode)
				return
			}
			require.Len(t, r.failed(), 1)
			require.Contains(t, r.failed()[0], c.problem)
			require.Equal(t, http.StatusNotImplemented, response.StatusCode)
		})
	}
}

// A fault strikes where and as often as it was armed to, and the log knows everything.
func TestGate(t *testing.T) {
	t.Parallel()
	var handled atomic.Int32
	address, gate := fake.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		handled.Add(1)
		fake.JSON(w, http.StatusOK, map[string]any{"list": []any{map[string]any{"id": 1}}})
	}))
	get := func(path string) (status int, body string) {
		response, err := http.Get(address + path)
		if err != nil {
			return 0, ""
		}
		defer func() { _ = response.Body.Close() }()
		read, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		return response.StatusCode, string(read)
	}
	for _, c := range []struct {
		kind    fake.Kind
		status  int
		handled int
	}{
		{fake.FailBefore, 503, 0}, {fake.FailAfter, 502, 1}, {fake.Refuse, 418, 0}, {fake.Malformed, 200, 1},
		{fake.Echo, 400, 0}, {fake.Extra, 200, 1}, {fake.ResetAfter, 0, 1},
	} {
		handled.Store(0)
		struck := gate.Arm(fake.Fault{On: "GET /a/{id}", Kind: c.kind, Answer: fake.Answer{Status: 418}})
		status, body := get("/a/1?key=value")
		require.Equal(t, c.status, status, c.kind)
		require.Equal(t, c.handled, min(int(handled.Load()), 1), c.kind)
		if c.kind == fake.Extra {
			require.Contains(t, body, `"list":[{"id":1,"zz_new_member"`)
		} else {
			<-struck
		}
		gate.Clear()
		status, _ = get("/a/1")
		require.Equal(t, http.StatusOK, status)
	}
	gate.Arm(fake.Fault{On: "GET /a/{id}", Kind: fake.FailBefore, Times: 1})
	for _, want := range []int{503, 200} {
		status, _ := get("/a/1")
		require.Equal(t, want, status)
	}
	gate.Arm(fake.Fault{On: "GET /a/{id}", Kind: fake.FailBefore})
	status, _ := get("/b")
	require.Equal(t, http.StatusOK, status)
	require.Len(t, gate.Requests("GET /b"), 1)
	require.Equal(t, "value", gate.Requests("GET /a/{id}")[0].Query.Get("key"))
}
