package history

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"behalf/domain"
	"behalf/domain/auditlog"
	"behalf/eventstore/seal"
)

type proofInput struct {
	In
	Event string `path:"event" maxLength:"100" doc:"The event's id."`
}

// Proof shows that an event is in the log that a checkpoint was signed of.
type Proof struct {
	Event      json.RawMessage `json:"event" doc:"Every column that the log's leaf covers, exactly as it stands there: what is personal is sealed."`
	Leaf       int64           `json:"leaf" doc:"The event's index in the tree, from 0."`
	Path       []string        `json:"path" doc:"The audit path (RFC 6962, section 2.1.1), from the leaf upwards; SHA-256 in base64."`
	Checkpoint string          `json:"checkpoint" doc:"The checkpoint that it leads to, signed (C2SP tlog-checkpoint)."`
}

type proofOutput struct{ Body Proof }

func (d *Desk) proof(ctx context.Context, input *proofInput) (*proofOutput, error) {
	scope, err := d.audit(ctx, input.Workspace, auditlog.Proof, "event", input.Event)
	if err != nil {
		return nil, err
	}
	var event domain.EventID
	if err := event.UnmarshalText([]byte(input.Event)); err != nil || event.IsZero() {
		return nil, domain.Hidden()
	}
	scope.User = domain.UserID{} // a user's own stream is not part of the workspace's history
	proof, err := d.Log.Prove(ctx, scope, event)
	switch {
	case errors.Is(err, seal.ErrNoEvent):
		return nil, domain.Hidden()
	case errors.Is(err, seal.ErrUnsealed):
		return nil, domain.Clash(domain.R65, "not_sealed_yet", "The event is newer than the last checkpoint. Ask again in a few seconds.")
	case err != nil:
		return nil, err
	}
	written, err := json.Marshal(proof.Event)
	if err != nil {
		return nil, err
	}
	output := &proofOutput{Body: Proof{Event: written, Leaf: proof.Leaf, Path: []string{}, Checkpoint: proof.Checkpoint}}
	for _, hash := range proof.Path {
		output.Body.Path = append(output.Body.Path, hash.String())
	}
	return output, nil
}

type checkpointOutput struct {
	Body struct {
		Checkpoint string    `json:"checkpoint,omitempty" doc:"The signed note (C2SP tlog-checkpoint); absent while nothing has been sealed."`
		Size       int64     `json:"size" doc:"How many events of the whole log it covers."`
		Position   int64     `json:"position" doc:"The last of them."`
		MadeAt     time.Time `json:"made_at,omitzero" doc:"When it was made."`
	} `nameHint:"HistoryCheckpoint"`
}

func (d *Desk) checkpoint(ctx context.Context, input *In) (*checkpointOutput, error) {
	if _, err := d.audit(ctx, input.Workspace, auditlog.Checkpoint); err != nil {
		return nil, err
	}
	output := &checkpointOutput{}
	latest, err := d.Log.Latest(ctx)
	if err != nil && !errors.Is(err, seal.ErrUnsealed) {
		return nil, err
	}
	output.Body.Checkpoint, output.Body.Size, output.Body.Position = string(latest.Note), latest.Size, latest.Position
	output.Body.MadeAt = latest.MadeAt
	return output, nil
}
