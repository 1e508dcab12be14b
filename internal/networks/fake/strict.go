package fake

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// Endpoint is one documented call of a network.
type Endpoint struct {
	Pattern string            // of http.ServeMux
	Query   []string          // the documented parameters of its address
	Headers map[string]string // what every call must carry beyond what HTTP itself needs: the value, or "" for any
	Form    []string          // the documented fields of its form, urlencoded or multipart; nil = no form
	JSON    func() any        // makes the documented body; members that it does not have are undocumented. Beside Form: either
	Raw     bool              // the body is a file
	Handle  func(w http.ResponseWriter, r *http.Request, body any)
}

// ordinary are headers that HTTP itself needs, or that every call may carry.
var ordinary = []string{
	"Accept", "Accept-Encoding", "Authorization", "Connection", "Content-Length", "Content-Type", "User-Agent",
}

// Strict is a network with these calls and no other. A call that is not
// documented, and a parameter, a header or a member of a body that is not,
// fails the test.
func Strict(t testing.TB, endpoints ...Endpoint) http.Handler {
	t.Helper()
	mux := http.NewServeMux()
	for _, e := range endpoints {
		mux.HandleFunc(e.Pattern, func(w http.ResponseWriter, r *http.Request) {
			body, problem := e.read(r)
			if problem != "" {
				undocumented(t, w, r, problem)
				return
			}
			e.Handle(w, r, body)
		})
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { undocumented(t, w, r, "no such call") })
	return mux
}

func undocumented(t testing.TB, w http.ResponseWriter, r *http.Request, problem string) {
	t.Errorf("undocumented: %s %s: %s", r.Method, r.URL.Path, problem)
	http.Error(w, "undocumented: "+problem, http.StatusNotImplemented)
}

// read takes the body in and says what is wrong with the request, if anything.
func (e Endpoint) read(r *http.Request) (body any, problem string) {
	for name := range r.URL.Query() {
		if !slices.Contains(e.Query, name) {
			return nil, "parameter " + name
		}
	}
	for name := range r.Header {
		if _, named := e.Headers[name]; !named && !slices.Contains(ordinary, name) {
			return nil, "header " + name
		}
	}
	for name, value := range e.Headers {
		if got := r.Header.Get(name); got == "" || value != "" && got != value {
			return nil, "header " + name + " is " + got
		}
	}
	media, parameters, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case e.JSON != nil && (e.Form == nil || media == "application/json"):
		body = e.JSON()
		return body, readJSON(r, media, body)
	case e.Form != nil:
		return nil, e.readForm(r, media, parameters["boundary"])
	case e.Raw:
		return nil, ""
	}
	if n, _ := io.Copy(io.Discard, r.Body); n > 0 {
		return nil, "a body"
	}
	return nil, ""
}

func readJSON(r *http.Request, media string, into any) (problem string) {
	if media != "application/json" {
		return "content type " + media
	}
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return err.Error()
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return "more than one document"
	}
	return ""
}

// readForm checks the names of a form's fields; r.Form holds it afterwards.
func (e Endpoint) readForm(r *http.Request, media, boundary string) (problem string) {
	var names []string
	switch {
	case media == "multipart/form-data" && boundary != "":
		if err := r.ParseMultipartForm(64 << 20); err != nil { //nolint:gosec // G120: the tests' own requests
			return err.Error()
		}
		for name := range r.MultipartForm.File {
			names = append(names, name)
		}
		for name := range r.MultipartForm.Value {
			names = append(names, name)
		}
	case media == "application/x-www-form-urlencoded":
		written, err := io.ReadAll(r.Body)
		if err != nil {
			return err.Error()
		}
		r.Body = io.NopCloser(bytes.NewReader(written))
		form, err := url.ParseQuery(string(written))
		if err != nil {
			return err.Error()
		}
		for name, values := range form {
			if len(values) != 1 {
				return "repeated field " + name
			}
			names = append(names, name)
		}
		if err := r.ParseForm(); err != nil {
			return err.Error()
		}
	default:
		return "content type " + media
	}
	for _, name := range names {
		if !slices.Contains(e.Form, name) && !slices.Contains(e.Form, strings.TrimRight(name, "0123456789[]")+"[]") {
			return "field " + name
		}
	}
	return ""
}

// JSON answers with a document.
func JSON(w http.ResponseWriter, status int, document any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(document)
}
