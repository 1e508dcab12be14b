package oidc

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/oauth2"

	"behalf/api/access"
	"behalf/api/problem"
	"behalf/api/signin"
	"behalf/domain"
	"behalf/internal/vault"
)

// departureLife is how long a browser may be away.
const departureLife = 10 * time.Minute

type beginInput struct {
	Provider string `path:"provider" maxLength:"50" doc:"The provider's name."`
	Browser  string `cookie:"behalf-departure" maxLength:"100" doc:"From an earlier departure; it is kept."`
	Body     struct {
		Delivery string `json:"delivery,omitempty" enum:"cookie,token" doc:"How the callback answers the session: as when signing in by password."`
	} `nameHint:"Departure"`
}

type beginOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      struct {
		AuthorizeURL string `json:"authorize_url" format:"uri" doc:"Where to send the browser."`
	} `nameHint:"BegunSignIn"`
}

func (d *Desk) beginSignIn(ctx context.Context, input *beginInput) (*beginOutput, error) {
	return d.begin(ctx, input, domain.UserID{})
}

func (d *Desk) beginLink(ctx context.Context, input *beginInput) (*beginOutput, error) {
	person, err := access.FreshlyProved(signin.From(ctx), d.Now())
	if err != nil {
		return nil, err
	}
	return d.begin(ctx, input, person)
}

func (d *Desk) begin(ctx context.Context, input *beginInput, person domain.UserID) (*beginOutput, error) {
	provider, err := d.provider(input.Provider)
	if err != nil {
		return nil, err
	}
	leaving := departure{Nonce: random(), Verifier: oauth2.GenerateVerifier(), Delivery: input.Body.Delivery}
	state, browser := random(), input.Browser
	if len(browser) != len(random()) { // one that has several tabs at providers keeps its cookie
		browser = random()
	}
	output := &beginOutput{}
	output.Body.AuthorizeURL, err = provider.address(ctx, RedirectURI(d.PublicURL, provider.Name), state, leaving)
	if err != nil {
		return nil, d.said(ctx, provider, err)
	}
	if err := d.depart(ctx, provider.Name, state, browser, person, leaving); err != nil {
		return nil, err
	}
	output.SetCookie = []http.Cookie{d.cookie(browser, departureLife)}
	return output, nil
}

// cookieName has no prefix: huma reads it by a fixed name.
const cookieName = "behalf-departure"

func (d *Desk) cookie(value string, life time.Duration) http.Cookie {
	return http.Cookie{ //nolint:gosec // G124: secure unless Behalf itself is reached over plain http
		Name: cookieName, Value: value, MaxAge: int(life.Seconds()), Path: "/v1/", HttpOnly: true,
		Secure: strings.HasPrefix(d.PublicURL, "https://"), SameSite: http.SameSiteLaxMode,
	}
}

// random is 256 bits of randomness.
func random() string {
	bytes := make([]byte, 32)
	_, _ = rand.Read(bytes) // never fails, see crypto/rand
	return base64.RawURLEncoding.EncodeToString(bytes)
}

const sqlForgetDepartures = `
delete from signin.departures
where expires_at <= $1`

const sqlDepart = `
insert into signin.departures (state_hash, browser_hash, provider, person, sealed, expires_at)
values ($1, $2, $3, $4, $5, $6)`

func (d *Desk) depart(ctx context.Context, provider, state, browser string, person domain.UserID, leaving departure) error {
	stateHash, browserHash := sha256.Sum256([]byte(state)), sha256.Sum256([]byte(browser))
	secret, err := json.Marshal(leaving)
	if err != nil {
		return fmt.Errorf("write a departure: %w", err)
	}
	sealed, err := d.Vault.Seal(vault.NewSecret(secret), "departure v1", stateHash[:], browserHash[:], []byte(provider), person[:])
	if err != nil {
		return err
	}
	var who *[16]byte
	if !person.IsZero() {
		who = (*[16]byte)(&person)
	}
	now := d.Now().UTC()
	batch := &pgx.Batch{}
	batch.Queue(sqlForgetDepartures, now)
	batch.Queue(sqlDepart, stateHash[:], browserHash[:], provider, who, sealed, now.Add(departureLife))
	if err := d.Pool.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("keep a departure: %w", err)
	}
	return nil
}

const sqlReturn = `
delete from signin.departures
where state_hash = $1
  and browser_hash = $2
  and provider = $3
  and expires_at > $4
returning person, sealed`

// comeBack takes the departure that this browser began with this state. All
// that is not there to be taken answers the same, and another browser's stays.
func (d *Desk) comeBack(ctx context.Context, provider, state, browser string) (leaving departure, person domain.UserID, err error) {
	stateHash, browserHash := sha256.Sum256([]byte(state)), sha256.Sum256([]byte(browser))
	var who *[16]byte
	var sealed []byte
	err = d.Pool.QueryRow(ctx, sqlReturn, stateHash[:], browserHash[:], provider, d.Now().UTC()).Scan(&who, &sealed)
	if errors.Is(err, pgx.ErrNoRows) {
		return departure{}, domain.UserID{}, notFound()
	}
	if err != nil {
		return departure{}, domain.UserID{}, fmt.Errorf("take a departure: %w", err)
	}
	if who != nil {
		person = *who
	}
	secret, err := d.Vault.Unseal(sealed, "departure v1", stateHash[:], browserHash[:], []byte(provider), person[:])
	if err != nil {
		return departure{}, domain.UserID{}, err
	}
	if err := json.Unmarshal(secret.Reveal(), &leaving); err != nil {
		return departure{}, domain.UserID{}, fmt.Errorf("read a departure: %w", err)
	}
	return leaving, person, nil
}

func notFound() error {
	return problem.New(http.StatusNotFound, "departure_not_found", "It is unknown, too old, used already, or another browser's. Begin again.")
}
