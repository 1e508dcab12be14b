package rows

import (
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
)

// Queue adds a query that fills into, as Collect does.
func Queue[R any](batch *pgx.Batch, into *[]R, statement string, parameters ...any) {
	batch.Queue(statement, parameters...).Query(func(found pgx.Rows) (err error) {
		*into, err = Collect[R](found)
		return err
	})
}

// QueueEach adds a query and does something with each of its rows, as Each does.
func QueueEach[R any](batch *pgx.Batch, statement string, parameters []any, do func(row *R)) {
	batch.Queue(statement, parameters...).Query(func(found pgx.Rows) error { return Each(found, do) })
}

// UUID is an id as a query's parameter; the zero id is null.
func UUID[ID ~[16]byte](id ID) pgtype.UUID {
	return pgtype.UUID{Bytes: id, Valid: id != ID{}}
}

// UUIDs are ids as a query's parameter.
func UUIDs[ID ~[16]byte](ids []ID) [][16]byte {
	plain := make([][16]byte, len(ids))
	for i, id := range ids {
		plain[i] = id
	}
	return plain
}

// Word is a filter's parameter; the empty word is null.
func Word[T ~string](word T) any {
	if word == "" {
		return nil
	}
	return string(word)
}

// AtMost is a limit's parameter; 0 is null, which is none.
func AtMost(limit int) any {
	if limit <= 0 {
		return nil
	}
	return limit
}
