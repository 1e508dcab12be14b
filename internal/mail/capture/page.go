package capture

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"
	"slices"
	"strconv"
)

//go:embed page.html
var pageText string

var page = template.Must(template.New("page").Parse(pageText))

// Handler lists the captured mails at / and shows one at /<number>, newest
// first; its own links are relative, so it may be mounted anywhere that ends in a
// slash. It asks nobody who they are: serve it on loopback only.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		messages := s.Messages()
		slices.Reverse(messages)
		show(w, "list", messages)
	})
	mux.HandleFunc("GET /{number}", func(w http.ResponseWriter, r *http.Request) {
		number, err := strconv.Atoi(r.PathValue("number"))
		messages := s.Messages()
		at := slices.IndexFunc(messages, func(m Message) bool { return m.Number == number })
		if err != nil || at < 0 {
			http.NotFound(w, r)
			return
		}
		show(w, "one", messages[at])
	})
	return mux
}

// show lets a mail run nothing, load nothing and tell nobody that it was read:
// no scripts, no outside addresses, its HTML in a sandboxed frame.
func show(w http.ResponseWriter, what string, content any) {
	var body bytes.Buffer
	if err := page.ExecuteTemplate(&body, what, content); err != nil {
		http.Error(w, "the page could not be written", http.StatusInternalServerError)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cache-Control", "no-store")
	_, _ = w.Write(body.Bytes()) // a reader who left is no concern of ours
}
