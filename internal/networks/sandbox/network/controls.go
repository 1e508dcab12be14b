package network

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"time"

	"behalf/internal/networks/sandbox/network/api"
	"behalf/internal/networks/sandbox/network/control"
	"behalf/internal/networks/sandbox/network/oauth"
	"behalf/internal/networks/sandbox/network/store"
)

var nameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

var errForm = errors.New("names and slugs are 1 to 40 of a-z, 0-9 and -")

// AddPerson adds a person or sets a new password.
func (n *Network) AddPerson(p control.Person) error {
	if !nameForm.MatchString(p.Name) {
		return errForm
	}
	if p.Password == "" {
		return errors.New("a person needs a password")
	}
	hash, err := oauth.Hash(p.Password)
	if err != nil {
		return err
	}
	return n.store.SetPassword(p.Name, hash)
}

// AddPage adds or replaces a page.
func (n *Network) AddPage(p control.Page) error {
	if !nameForm.MatchString(p.Slug) {
		return errForm
	}
	if p.Name == "" {
		return errors.New("a page needs a name")
	}
	switch p.Class {
	case control.ClientKey, control.TwoPhase, control.ExpiringKey, control.Listed, control.Silent:
	default:
		return errors.New("there is no such class of pages")
	}
	if p.KeyLastsMS < 0 {
		return errors.New("a key cannot last a negative time")
	}
	return n.store.PutPage(p)
}

func (n *Network) controls() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /control/people", func(w http.ResponseWriter, r *http.Request) {
		takeIn(w, r, n.AddPerson)
	})
	mux.HandleFunc("PUT /control/pages", func(w http.ResponseWriter, r *http.Request) {
		takeIn(w, r, n.AddPage)
	})
	admin := func(is bool) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			done(w, n.store.SetAdmin(r.PathValue("page"), r.PathValue("person"), is))
		}
	}
	mux.HandleFunc("PUT /control/pages/{page}/admins/{person}", admin(true))
	mux.HandleFunc("DELETE /control/pages/{page}/admins/{person}", admin(false))
	mux.HandleFunc("POST /control/people/{person}/revoke", func(w http.ResponseWriter, r *http.Request) {
		done(w, n.store.RevokePerson(r.PathValue("person")))
	})
	mux.HandleFunc("POST /control/tokens/expire", func(w http.ResponseWriter, _ *http.Request) {
		done(w, n.store.ExpireAccess(time.Now().UTC().Add(-time.Second)))
	})
	mux.HandleFunc("POST /control/faults", func(w http.ResponseWriter, r *http.Request) { takeIn(w, r, n.faults.Arm) })
	mux.HandleFunc("GET /control/faults", func(w http.ResponseWriter, _ *http.Request) {
		api.Answer(w, http.StatusOK, n.faults.List())
	})
	mux.HandleFunc("DELETE /control/faults", func(w http.ResponseWriter, _ *http.Request) {
		n.faults.Clear()
		done(w, nil)
	})
	mux.HandleFunc("GET /control/posts", n.log)
	return mux
}

// log answers once it holds as many posts and publish requests as were asked for.
func (n *Network) log(w http.ResponseWriter, r *http.Request) {
	posts, _ := strconv.Atoi(r.URL.Query().Get("posts"))
	requests, _ := strconv.Atoi(r.URL.Query().Get("requests"))
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	go func() { // a waiting call must not hold Close up
		select {
		case <-n.faults.Closing():
			cancel()
		case <-ctx.Done():
		}
	}()
	log, err := n.store.Await(ctx, func(l control.Log) bool {
		return len(l.Posts) >= posts && len(l.Requests) >= requests
	})
	if err != nil {
		api.Refuse(w, "unavailable")
		return
	}
	api.Answer(w, http.StatusOK, log)
}

// takeIn reads a strict JSON body and hands it on.
func takeIn[T any](w http.ResponseWriter, r *http.Request, to func(T) error) {
	var in T
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&in); err != nil {
		http.Error(w, "malformed body", http.StatusBadRequest)
		return
	}
	done(w, to(in))
}

func done(w http.ResponseWriter, err error) {
	switch {
	case err == nil:
		w.WriteHeader(http.StatusNoContent)
	case errors.Is(err, store.ErrNotFound):
		http.Error(w, "no such person or page", http.StatusNotFound)
	default:
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
	}
}
