package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"behalf/bench/team"
	"behalf/eventstore"
)

// columns of the bare table, all but the position, which it answers.
const columns = 8

// bareStatement inserts rows as plainly as that can be done.
func bareStatement(rows int) string {
	var values []string
	for row := range rows {
		var parameters []string
		for column := range columns {
			parameters = append(parameters, fmt.Sprintf("$%d", row*columns+column+1))
		}
		values = append(values, "("+strings.Join(parameters, ", ")+")")
	}
	return "insert into bare (workspace_id, stream, version, id, type, data, metadata, recorded_at)\nvalues " +
		strings.Join(values, ",\n") + "\nreturning position"
}

// What the bare insert has not to encode any more.
var (
	EventBytes, _    = json.Marshal(event)         //nolint:errchkjson // plain strings
	metadataBytes, _ = json.Marshal(team.Metadata) //nolint:errchkjson // plain strings
)

// insert writes events with a bare insert, committed at once.
func (a *author) insert(ctx context.Context, statement string, events int) error {
	a.turn(events)
	parameters := make([]any, 0, events*columns)
	now, stream := time.Now(), a.stream.String()
	for i := range events {
		parameters = append(parameters, a.team.ID, stream, a.version+i+1, eventstore.Fresh(),
			event.EventType(), EventBytes, metadataBytes, now)
	}
	a.version += events
	rows, err := a.world.pool.Query(ctx, statement, parameters...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var position int64
		if err := rows.Scan(&position); err != nil {
			return err
		}
	}
	return rows.Err()
}
