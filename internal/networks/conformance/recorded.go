package conformance

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/fake"
	"behalf/internal/networks/wire"
)

// Scenario is an answer that a network documents, and what it means. They are
// kept as JSON in the connector's testdata.
type Scenario struct {
	Name       string                `json:"name"`
	Source     string                `json:"source"` // where the network documents it
	Call       networks.Call         `json:"call"`
	Status     int                   `json:"status"`
	Header     map[string]string     `json:"header"`
	Body       json.RawMessage       `json:"body"` // a document, or a string that is the body itself
	Kind       networks.FailureKind  `json:"kind"`
	Code       string                `json:"code"`
	Scope      networks.FailureScope `json:"scope"`
	RetryAfter string                `json:"retry_after"` // as time.ParseDuration
	ExistingID string                `json:"existing_id"`
	// OfConnection is whether the answer says that the connection lacks what every post needs.
	OfConnection bool `json:"of_connection"`

	connector string // the folder whose testdata it is kept in
}

// Recorded reads scenarios from a file.
func Recorded(t testing.TB, file string) []Scenario {
	t.Helper()
	written, err := os.ReadFile(file)
	require.NoError(t, err)
	var scenarios []Scenario
	require.NoError(t, json.Unmarshal(written, &scenarios))
	for i := range scenarios {
		scenarios[i].connector = filepath.Dir(filepath.Dir(file))
	}
	return scenarios
}

func (s Scenario) body() string {
	var text string
	if json.Unmarshal(s.Body, &text) == nil {
		return text
	}
	return string(s.Body)
}

// recorded plays every documented error, to Classify alone and to the call
// that would get it.
func (s Subject) recorded(t *testing.T) {
	kinds := map[networks.FailureKind]bool{}
	w := s.begin(t, wire.Options{})
	for _, r := range s.Recorded {
		kinds[r.Kind] = true
		require.NotEmpty(t, r.Source, r.Name)
		header := http.Header{}
		for name, value := range r.Header {
			header.Set(name, value)
		}
		failure := w.Classify(networks.Answer{
			Call: r.Call, Sent: true, Status: r.Status, Header: header, Body: []byte(r.body()),
		})
		require.NotNil(t, failure, r.Name)
		r.meant(t, failure)
		err := s.played(t, w, r)
		require.Equal(t, r.Kind, networks.KindOf(err), "%s: %v", r.Name, err)
		w.Gate.Clear()
		require.Empty(t, w.Posts(t), r.Name)
	}
	for _, kind := range append(namedKinds(t, s.Recorded[0].connector), networks.Reauth, networks.NoPermission, networks.RateLimited, networks.Rejected, networks.Ambiguous) {
		require.True(t, kinds[kind], "no recorded answer means %s", kind)
	}
}

// answered are the kinds that an answer may have, as the code names them.
var answered = map[string]networks.FailureKind{
	"Reauth": networks.Reauth, "NoPermission": networks.NoPermission, "RateLimited": networks.RateLimited,
	"Rejected": networks.Rejected, "Duplicate": networks.Duplicate, "Gone": networks.Gone, "Blocked": networks.Blocked,
	"Misconfigured": networks.Misconfigured, "Unavailable": networks.Unavailable, "Ambiguous": networks.Ambiguous,
}

// namedKinds are those that the connector under test tells apart: what its
// classify.go names. One that is named without a recorded answer is guessed.
func namedKinds(t *testing.T, connector string) (kinds []networks.FailureKind) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(connector, "classify.go"), nil, 0)
	require.NoError(t, err)
	ast.Inspect(file, func(node ast.Node) bool {
		selector, is := node.(*ast.SelectorExpr)
		if !is {
			return true
		}
		if from, is := selector.X.(*ast.Ident); is && from.Name == "networks" {
			if kind, known := answered[selector.Sel.Name]; known {
				kinds = append(kinds, kind)
			}
		}
		return true
	})
	require.NotEmpty(t, kinds)
	return kinds
}

// meant compares a failure with what its answer is documented to mean.
func (s Scenario) meant(t *testing.T, f *networks.Failure) {
	t.Helper()
	require.Equal(t, s.Kind, f.Kind, s.Name)
	require.NotEmpty(t, f.Detail, s.Name)
	require.NotEmpty(t, f.Code, s.Name)
	if s.Code != "" {
		require.Equal(t, s.Code, f.Code, s.Name)
	}
	require.Equal(t, s.Scope, f.Scope, s.Name)
	require.Equal(t, s.ExistingID, f.ExistingID, s.Name)
	require.Equal(t, s.OfConnection, f.OfConnection, s.Name)
	if s.Kind == networks.RateLimited || s.Kind == networks.Blocked {
		require.Positive(t, f.RetryAfter, s.Name)
	} else if s.RetryAfter == "" {
		require.Zero(t, f.RetryAfter, s.Name)
	}
	if s.RetryAfter != "" {
		wait, err := time.ParseDuration(s.RetryAfter)
		require.NoError(t, err)
		require.Equal(t, wait, f.RetryAfter, s.Name)
	}
}

// played lets the real call get the answer.
func (s Subject) played(t *testing.T, w scene, r Scenario) error {
	t.Helper()
	arm := func(pattern string) { // until the caller clears it: there may be a second way to ask
		require.NotEmpty(t, pattern, r.Name)
		w.Gate.Arm(fake.Fault{On: pattern, Kind: fake.Refuse, Answer: fake.Answer{
			Status: r.Status, Header: r.Header, Body: r.body(),
		}})
	}
	var err error
	switch r.Call {
	case networks.CallPublish:
		a := w.prepared(t.Context(), attempt(hello))
		arm(s.Calls.Publish)
		_, err = w.Publish(t.Context(), w.session, a)
	case networks.CallPrepare:
		a := attempt(w.illustrated())
		arm(s.Calls.Prepare)
		_, err = w.Prepare(t.Context(), w.session, a, keep)
	case networks.CallRead:
		arm(s.Calls.Verify)
		_, err = w.VerifyAccess(t.Context(), w.session)
	case networks.CallExchange:
		callback := w.Answer(t, fake.Olivia, s.authorize(t, w.World), true)
		arm(s.Calls.Exchange)
		_, err = w.Exchange(t.Context(), callback)
	case networks.CallRefresh:
		arm(s.Calls.Refresh)
		_, err = w.Refresh(t.Context(), w.credential)
	case networks.CallDelete:
		arm(s.Calls.Delete)
		err = w.Delete(t.Context(), w.session, "1")
	}
	return err
}
