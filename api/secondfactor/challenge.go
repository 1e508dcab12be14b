package secondfactor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/jackc/pgx/v5"

	"behalf/api/signin"
	"behalf/domain"
)

// challengeLife is how long a passkey's answer may take.
const challengeLife = 5 * time.Minute

// purpose says what a challenge is for.
type purpose string

const (
	toRegister purpose = "register"
	toProve    purpose = "prove"
)

const sqlChallenge = `
insert into signin.challenges (session_hash, purpose, data, expires_at)
values ($1, $2, $3, $4)
on conflict (session_hash, purpose) do update
set data = excluded.data,
    expires_at = excluded.expires_at`

// challenge keeps what a passkey was asked in this session, in place of what it
// was asked before.
func (d *Desk) challenge(ctx context.Context, principal signin.Principal, what purpose, session *webauthn.SessionData) (time.Time, error) {
	expires := d.Now().UTC().Add(challengeLife)
	data, err := json.Marshal(session)
	if err != nil {
		return time.Time{}, fmt.Errorf("write a challenge: %w", err)
	}
	if _, err := d.Pool.Exec(ctx, sqlChallenge, principal.Credential[:], what, data, expires); err != nil {
		return time.Time{}, fmt.Errorf("keep a challenge: %w", err)
	}
	return expires, nil
}

const sqlTakeChallenge = `
delete from signin.challenges
where session_hash = $1
  and purpose = $2
returning data, expires_at`

// takeChallenge removes and returns what a passkey was asked in this session:
// one answer is looked at, right or wrong.
func (d *Desk) takeChallenge(ctx context.Context, principal signin.Principal, what purpose) (session webauthn.SessionData, err error) {
	var data []byte
	var expires time.Time
	err = d.Pool.QueryRow(ctx, sqlTakeChallenge, principal.Credential[:], what).Scan(&data, &expires)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && !d.Now().Before(expires) {
		return webauthn.SessionData{}, domain.Clash(0, "challenge_expired", "Ask for a new challenge: this one is older than five minutes, or was answered.")
	}
	if err != nil {
		return webauthn.SessionData{}, fmt.Errorf("take a challenge: %w", err)
	}
	if err := json.Unmarshal(data, &session); err != nil {
		return webauthn.SessionData{}, fmt.Errorf("read a challenge: %w", err)
	}
	return session, nil
}

// hostOf is the name in an address, without scheme and port.
func hostOf(address string) string {
	parsed, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return parsed.Hostname()
}
