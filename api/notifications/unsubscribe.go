package notifications

import (
	"bytes"
	"embed"
	"html/template"
	"io"
	"mime"
	"net/http"

	"github.com/go-chi/chi/v5"

	"behalf/api/problem"
	"behalf/domain"
	"behalf/domain/notice"
)

//go:embed unsubscribe.html
var files embed.FS

var pageOf = template.Must(template.ParseFS(files, "unsubscribe.html"))

// unsubscribePath is what mails name in List-Unsubscribe.
const unsubscribePath = "/v1/unsubscribe/{token}"

// maxForm is how many bytes a mail program's form may have.
const maxForm = 4 << 10

// mountUnsubscribing adds what needs no sign-in: whoever has the link can end
// mails of one kind to one person, and nothing else.
func (d *Desk) mountUnsubscribing(router chi.Router) {
	router.Get(unsubscribePath, d.ask)
	router.Post(unsubscribePath, d.unsubscribe)
}

type asked struct{ Done bool }

// ask shows a button. Opening a link changes nothing: programs that look into
// mails open all of them.
func (d *Desk) ask(w http.ResponseWriter, r *http.Request) {
	if _, _, err := d.proven(r); err != nil {
		problem.Write(w, r, err)
		return
	}
	show(w, r, asked{})
}

// unsubscribe ends mails of the token's kind, at once (RFC 8058). It does not
// matter what the form says: mail programs send "List-Unsubscribe=One-Click",
// our page sends the same.
func (d *Desk) unsubscribe(w http.ResponseWriter, r *http.Request) {
	person, kinds, err := d.proven(r)
	if err == nil {
		err = drain(w, r)
	}
	if err == nil {
		err = d.prefer(r.Context(), person, off(kinds)...)
	}
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	show(w, r, asked{Done: true})
}

// proven reads the token: one that is not ours answers like nothing at all.
func (d *Desk) proven(r *http.Request) (domain.UserID, []notice.Kind, error) {
	person, kind, genuine := notice.UnsubscribeToken(chi.URLParam(r, "token")).Prove(d.Key)
	if !genuine {
		return person, nil, domain.Hidden()
	}
	if kind.Optional() {
		return person, []notice.Kind{kind}, nil
	}
	var gathered []notice.Kind // a digest's link stands for all that is gathered
	for _, one := range notice.Kinds() {
		if one.Gathered() && one.Optional() {
			gathered = append(gathered, one)
		}
	}
	return person, gathered, nil
}

// drain reads the form and refuses what is none.
func drain(w http.ResponseWriter, r *http.Request) error {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" && kind != "multipart/form-data" {
		return problem.New(http.StatusUnsupportedMediaType, "unsupported_media_type", "Send a form.",
			problem.Fault{Location: "header.Content-Type", Message: "application/x-www-form-urlencoded"})
	}
	if _, err := io.Copy(io.Discard, http.MaxBytesReader(w, r.Body, maxForm)); err != nil {
		return problem.New(http.StatusRequestEntityTooLarge, "body_too_large", "A form holds at most 4 kB.")
	}
	return nil
}

func off(kinds []notice.Kind) []Setting {
	settings := make([]Setting, len(kinds))
	for i, kind := range kinds {
		settings[i] = Setting{Kind: kind, Channel: notice.Email}
	}
	return settings
}

func show(w http.ResponseWriter, r *http.Request, page asked) {
	var content bytes.Buffer
	if err := pageOf.Execute(&content, page); err != nil {
		problem.Write(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'")
	_, _ = content.WriteTo(w) // the client is gone, nobody is left to tell
}
