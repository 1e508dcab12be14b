package vault

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"behalf/internal/networks"
)

// Registrations keeps this installation's own registrations with hosts, sealed.
// It implements networks.Registrations, across processes; both roles may use it.
type Registrations struct{ vault *Vault }

var _ networks.Registrations = Registrations{}

// Registrations are those in this vault.
func (v *Vault) Registrations() Registrations { return Registrations{vault: v} }

// Registration implements networks.Registrations.
func (r Registrations) Registration(ctx context.Context, network, host string) (networks.Registration, bool, error) {
	found := networks.Registration{}
	var sealed []byte
	err := r.vault.pool.QueryRow(ctx, `
		select client_id, redirect_uri, sealed
		from vault.registrations
		where network = $1
		  and host = $2`, network, host).Scan(&found.ClientID, &found.RedirectURI, &sealed)
	if errors.Is(err, pgx.ErrNoRows) {
		return networks.Registration{}, false, nil
	}
	if err != nil {
		return networks.Registration{}, false, fmt.Errorf("find the registration with a host: %w", err)
	}
	secret, err := r.vault.open(sealed, bindRegistration(network, host, found))
	if err != nil {
		return networks.Registration{}, false, fmt.Errorf("open the registration with a host: %w", err)
	}
	defer secret.Wipe()
	// behind one byte, because a public client has no secret and nothing empty is sealed
	found.ClientSecret = networks.NewSecret(string(secret.Reveal()[1:]))
	return found, true, nil
}

// KeepRegistration implements networks.Registrations. Two that are kept within
// a minute were made at the same time: the first one wins.
func (r Registrations) KeepRegistration(ctx context.Context, network, host string, made networks.Registration) (networks.Registration, error) {
	sealed, err := r.vault.seal(NewSecret([]byte("="+made.ClientSecret.Reveal())), bindRegistration(network, host, made))
	if err != nil {
		return networks.Registration{}, err
	}
	_, err = r.vault.pool.Exec(ctx, `
		insert into vault.registrations as kept (network, host, client_id, redirect_uri, sealed)
		values ($1, $2, $3, $4, $5)
		on conflict (network, host) do update
		set client_id = $3,
		    redirect_uri = $4,
		    sealed = $5,
		    kept_at = clock_timestamp()
		where kept.redirect_uri <> $4
		   or kept.kept_at < clock_timestamp() - interval '1 minute'`,
		network, host, made.ClientID, made.RedirectURI, sealed)
	if err != nil {
		return networks.Registration{}, fmt.Errorf("keep the registration with a host: %w", err)
	}
	kept, found, err := r.Registration(ctx, network, host)
	if err == nil && !found {
		err = fmt.Errorf("keep the registration with a host: %w", ErrNotFound)
	}
	return kept, err
}

const boundRegistration = "registration v1"

func bindRegistration(network, host string, r networks.Registration) []byte {
	return bind(boundRegistration, []byte(network), []byte(host), []byte(r.ClientID), []byte(r.RedirectURI))
}
