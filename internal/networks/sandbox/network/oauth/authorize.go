package oauth

import (
	_ "embed"
	"encoding/json"
	"html/template"
	"net/http"
	"slices"

	"github.com/ory/fosite"
)

//go:embed consent.html
var consentHTML string

var consentPage = template.Must(template.New("consent").Parse(consentHTML))

// parameters of an authorization request; the consent form carries them back.
// The last two are PKCE's.
var parameters = []string{
	"response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method",
}

func (s *Server) parameters() []string {
	if s.config.WithoutPKCE {
		return parameters[:len(parameters)-2]
	}
	return parameters
}

// answers of the consent form.
var answers = []string{"name", "password", "decision"}

// Authorize is the authorization endpoint: GET shows the consent page, POST is
// its form. The person signs in with every answer and no session is kept, so
// that a forged form can do nothing without the password.
func (s *Server) Authorize(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	if problem := s.wellFormed(r); problem != "" {
		http.Error(w, problem, http.StatusBadRequest)
		return
	}
	request, err := s.provider.NewAuthorizeRequest(ctx, r)
	if err == nil && !s.config.WithoutPKCE && (r.Form.Get("code_challenge") == "" || r.Form.Get("code_challenge_method") != "S256") {
		err = fosite.ErrInvalidRequest.WithHint("PKCE with code_challenge_method S256 is required.")
	}
	if err == nil && r.Method == http.MethodPost && r.PostForm.Get("decision") != "allow" {
		err = fosite.ErrAccessDenied.WithHint("The person did not allow it.")
	}
	if err != nil {
		s.provider.WriteAuthorizeError(ctx, w, request, err)
		return
	}
	if r.Method != http.MethodPost {
		showConsent(w, http.StatusOK, r, "")
		return
	}
	name := r.PostForm.Get("name")
	if !s.config.SignIn(name, r.PostForm.Get("password")) {
		showConsent(w, http.StatusForbidden, r, "The name or the password is wrong.")
		return
	}
	for _, scope := range request.GetRequestedScopes() {
		if s.config.Declines == nil || !s.config.Declines(name, scope) {
			request.GrantScope(scope)
		}
	}
	response, err := s.provider.NewAuthorizeResponse(ctx, request, &fosite.DefaultSession{Subject: name, Username: name})
	if err != nil {
		s.provider.WriteAuthorizeError(ctx, w, request, err)
		return
	}
	s.provider.WriteAuthorizeResponse(ctx, w, request, response)
}

// wellFormed refuses what must not be answered by a redirect: unknown or
// repeated parameters, and a redirect URI that is not registered to the letter
// (fosite lets the port of a loopback address differ, RFC 8252).
func (s *Server) wellFormed(r *http.Request) (problem string) {
	if err := r.ParseForm(); err != nil {
		return "malformed request"
	}
	for name, values := range r.Form {
		posted := r.Method == http.MethodPost && slices.Contains(answers, name)
		if !slices.Contains(s.parameters(), name) && !posted || len(values) != 1 {
			return "unknown or repeated parameter"
		}
	}
	client, err := s.storage.GetClient(r.Context(), r.Form.Get("client_id"))
	if err != nil {
		return "unknown client"
	}
	if !slices.Contains(client.GetRedirectURIs(), r.Form.Get("redirect_uri")) {
		return "the redirect_uri is not registered for this client"
	}
	return ""
}

func showConsent(w http.ResponseWriter, status int, r *http.Request, problem string) {
	form := r.Form
	type field struct{ Name, Value string }
	var fields []field
	for _, name := range parameters {
		if form.Has(name) {
			fields = append(fields, field{name, form.Get(name)})
		}
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	header.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
	header.Set("Referrer-Policy", "no-referrer")
	w.WriteHeader(status)
	_ = consentPage.Execute(w, map[string]any{
		"Client": form.Get("client_id"), "Scope": form.Get("scope"), "Fields": fields, "Problem": problem, "Action": r.URL.Path,
	})
}

// Metadata describes the server (RFC 8414).
func (s *Server) Metadata(w http.ResponseWriter, r *http.Request) {
	base := s.config.BaseURL(r)
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{
		"issuer":                                base,
		"authorization_endpoint":                base + "/oauth/authorize",
		"token_endpoint":                        base + "/oauth/token",
		"revocation_endpoint":                   base + "/oauth/revoke",
		"service_documentation":                 base + "/docs",
		"response_types_supported":              []string{"code"},
		"response_modes_supported":              []string{"query"},
		"grant_types_supported":                 []string{"authorization_code", "refresh_token"},
		"token_endpoint_auth_methods_supported": []string{"client_secret_basic", "client_secret_post"},
		"code_challenge_methods_supported":      []string{"S256"},
		"scopes_supported":                      s.config.Scopes,
	})
}
