package vault

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Drawer is a column of a table that the vault's keyset seals, and that lasts:
// what is sealed for minutes only is gone before an older key could matter. All
// names are ours; none comes from outside.
type Drawer struct {
	Holds  string   // what it holds, for people, in the plural
	Prefix string   // of the ids that Key is, for people; empty where it is none
	Table  string   // with its schema
	Column string   // null where there is nothing
	Key    []string // the columns of the primary key
	What   string   // as in Seal
	Parts  []string // the columns that it is bound to, as in Seal: ids and texts
}

// Connections are the drawer of what members authorized us to use.
var Connections = Drawer{
	Holds: "connections", Prefix: "con", Table: "vault.connections", Column: "sealed", Key: []string{"id"},
	What: boundConnection, Parts: []string{"id", "workspace_id", "account_id", "holder_id", "kind", "network"},
}

// Drawers are those that this package fills.
func Drawers() []Drawer {
	revocations := Connections
	revocations.Holds, revocations.Table = "revocations", "vault.revocations"
	return []Drawer{
		Connections,
		revocations,
		{
			Holds: "posting identities", Prefix: Connections.Prefix, Table: "vault.care", Column: "offered", Key: []string{"connection_id"},
			What: boundOffered, Parts: []string{"workspace_id", "connection_id"},
		},
		{
			Holds: "registrations", Table: "vault.registrations", Column: "sealed", Key: []string{"network", "host"},
			What: boundRegistration, Parts: []string{"network", "host", "client_id", "redirect_uri"},
		},
	}
}

// sealedRow is one row of a drawer.
type sealedRow struct {
	key     []any
	sealed  []byte
	binding []byte
}

// count says how many rows are sealed by another key than the prefix's; by any,
// when that is nil.
func (d Drawer) count(ctx context.Context, v *Vault, prefix []byte) (count int64, err error) {
	err = v.pool.QueryRow(ctx, `
		select count(*)
		from `+d.Table+`
		where substring(`+d.Column+` for 5) is distinct from $1::bytea
		  and `+d.Column+` is not null`, prefix).Scan(&count)
	if err != nil {
		return 0, fmt.Errorf("count %s: %w", d.Holds, err)
	}
	return count, nil
}

const drawerPage = 200

// page reads rows after a key, nil for the first, in the order of keys; those
// that the prefix's key has sealed are left out, unless it is nil.
func (d Drawer) page(ctx context.Context, v *Vault, after []any, prefix []byte) ([]sealedRow, error) {
	key := strings.Join(d.Key, ", ")
	arguments := append([]any{prefix, drawerPage}, after...)
	beyond := "true"
	if after != nil {
		beyond = "(" + key + ") > (" + placeholders(3, len(after)) + ")"
	}
	rows, err := v.pool.Query(ctx, `
		select `+strings.Join(slices.Concat(d.Key, d.Parts), ", ")+`, `+d.Column+`
		from `+d.Table+`
		where substring(`+d.Column+` for 5) is distinct from $1::bytea
		  and `+d.Column+` is not null
		  and `+beyond+`
		order by `+key+`
		limit $2`, arguments...)
	if err == nil {
		var page []sealedRow
		if page, err = pgx.CollectRows(rows, d.row); err == nil {
			return page, nil
		}
	}
	return nil, fmt.Errorf("read %s: %w", d.Holds, err)
}

func (d Drawer) row(row pgx.CollectableRow) (sealedRow, error) {
	values, err := row.Values()
	if err != nil {
		return sealedRow{}, err
	}
	read := sealedRow{key: values[:len(d.Key)]}
	parts := make([][]byte, len(d.Parts))
	for i, value := range values[len(d.Key) : len(values)-1] {
		if parts[i], err = part(value); err != nil {
			return sealedRow{}, err
		}
	}
	var is bool
	if read.sealed, is = values[len(values)-1].([]byte); !is {
		return sealedRow{}, fmt.Errorf("%s.%s holds no bytes", d.Table, d.Column)
	}
	read.binding = bind(d.What, parts...)
	return read, nil
}

func part(value any) ([]byte, error) {
	switch value := value.(type) {
	case [16]byte:
		return value[:], nil
	case string:
		return []byte(value), nil
	default:
		return nil, fmt.Errorf("nothing is bound to a %T", value)
	}
}

// replace puts bytes in the place of the very bytes that were read; it answers
// false when they are others by now.
func (d Drawer) replace(ctx context.Context, v *Vault, row sealedRow, sealed []byte) (bool, error) {
	tag, err := v.pool.Exec(ctx, `
		update `+d.Table+`
		set `+d.Column+` = $2
		where `+d.Column+` = $1
		  and (`+strings.Join(d.Key, ", ")+`) = (`+placeholders(3, len(row.key))+`)`,
		append([]any{row.sealed, sealed}, row.key...)...)
	return tag.RowsAffected() == 1, err
}

// name is what people know a row as.
func (d Drawer) name(row sealedRow) string {
	if id, is := row.key[0].([16]byte); is {
		return d.Prefix + "_" + hex.EncodeToString(id[:])
	}
	return fmt.Sprint(row.key...)
}

// placeholders are so many, from one on: "$3, $4".
func placeholders(from, count int) string {
	all := make([]string, count)
	for i := range all {
		all[i] = fmt.Sprintf("$%d", from+i)
	}
	return strings.Join(all, ", ")
}
