package feed

import wsql "github.com/ThreeDotsLabs/watermill-sql/v4/pkg/sql"

// offsets keeps a group's place in log.checkpoints.
type offsets struct{}

const sqlMoveCheckpoint = `
update log.checkpoints
set
	position = $2,
	moved_at = clock_timestamp()
where name = $1`

// AckMessageQuery implements wsql.OffsetsAdapter. It is executed by batchTx,
// which knows better than watermill what was handled.
func (offsets) AckMessageQuery(params wsql.AckMessageQueryParams) (wsql.Query, error) {
	return wsql.Query{Query: sqlMoveCheckpoint, Args: []any{params.ConsumerGroup, params.LastRow.Offset}}, nil
}

// ConsumedMessageQuery implements wsql.OffsetsAdapter: there is nothing to do per event.
func (offsets) ConsumedMessageQuery(wsql.ConsumedMessageQueryParams) (wsql.Query, error) {
	return wsql.Query{}, nil
}

// NextOffsetQuery implements wsql.OffsetsAdapter: sqlNextEvents includes it.
func (offsets) NextOffsetQuery(wsql.NextOffsetQueryParams) (wsql.Query, error) {
	return wsql.Query{}, nil
}

// SchemaInitializingQueries implements wsql.OffsetsAdapter: migrations do that.
func (offsets) SchemaInitializingQueries(wsql.OffsetsSchemaInitializingQueriesParams) ([]wsql.Query, error) {
	return nil, nil
}

// BeforeSubscribingQueries implements wsql.OffsetsAdapter: Subscribe has joined the group.
func (offsets) BeforeSubscribingQueries(wsql.BeforeSubscribingQueriesParams) ([]wsql.Query, error) {
	return nil, nil
}
