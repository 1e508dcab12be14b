package docs_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/api"
	"behalf/api/apitest"
)

var update = flag.Bool("update", false, "write what the code says into the files that are checked in")

// checkedIn is the document as the repository has it, for whoever makes clients.
const checkedIn = "../../docs/openapi.json"

// The document that is checked in is the one that is served: after a change to
// the API, "make openapi" writes it and the client anew.
func TestDocumentIsCheckedIn(t *testing.T) {
	t.Parallel()
	served := servedDocument(t)
	if *update {
		require.NoError(t, os.WriteFile(checkedIn, served, 0o644))
	}
	written, err := os.ReadFile(checkedIn)
	require.NoError(t, err)
	require.Equal(t, string(written), string(served), "run: make openapi")
}

// servedDocument is what a Behalf at a public address serves, indented.
func servedDocument(t *testing.T) []byte {
	t.Helper()
	handler := apitest.Start(t).Handler(t, func(d *api.Deps) { d.PublicURL = "https://behalf.example" })
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/openapi.json", nil))
	require.Equal(t, http.StatusOK, answer.Code)
	var indented bytes.Buffer
	require.NoError(t, json.Indent(&indented, answer.Body.Bytes(), "", " "))
	indented.WriteByte('\n')
	return indented.Bytes()
}
