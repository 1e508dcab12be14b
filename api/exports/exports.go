// Package exports hands out the archives of whole workspaces (R13): to the
// Owner alone, in a session in which they have just proved who they are.
package exports

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"

	"behalf/api/access"
	"behalf/api/command"
	"behalf/api/live/stream"
	"behalf/api/problem"
	"behalf/api/query"
	"behalf/api/signin"
	"behalf/domain"
	"behalf/domain/auditlog"
	"behalf/eventstore"
	"behalf/internal/archives"
	"behalf/internal/telemetry"
	"behalf/projections/reading"
)

// Desk hands archives out.
type Desk struct {
	Door     *access.Door
	Store    *eventstore.Store
	Views    *reading.Reader
	Shelf    *archives.Shelf
	Commands *command.Desk
	Record   domain.CommandType // the command RecordHistoryRead, from the catalog: the history is in every archive
	Now      func() time.Time
}

const (
	longest = 6 * time.Hour    // that fetching may take; who needs more goes on with Range
	stalled = 30 * time.Second // without a byte taken, after which the connection is cut
)

// Mount adds the operation.
func (d *Desk) Mount(api huma.API) {
	binary := &huma.Schema{Type: huma.TypeString, Format: "binary"}
	file := func(description string) *huma.Response {
		return &huma.Response{Description: description, Content: map[string]*huma.MediaType{archives.ContentType: {Schema: binary}}}
	}
	problem.Handler(api, huma.Operation{
		OperationID: "fetch-export", Method: http.MethodGet, Path: "/v1/workspaces/{workspace}/exports/{export}/archive",
		Tags: []string{"Queries"}, Summary: "Fetch an archive of everything in a workspace (R13).",
		Description: "A zip file; its README says what is in it. For the Owner, in a session in which you proved who you are within the " +
			"last ten minutes (fresh_proof_needed). Range and If-Range go on where an earlier answer broke off. Fetching is recorded like reading the history (R65).",
		Responses: map[string]*huma.Response{"200": file("The archive."), "206": file("A part of it.")},
	}, d.fetch)
}

type input struct {
	Workspace string `path:"workspace" doc:"The workspace."`
	Export    string `path:"export" maxLength:"100" doc:"The archive's id."`
}

func (d *Desk) fetch(ctx context.Context, input *input) (*huma.StreamResponse, error) {
	admission, err := d.Door.Admit(ctx, input.Workspace)
	if err != nil {
		return nil, err
	}
	if err := query.OwnerOnly(admission); err != nil {
		return nil, err
	}
	if _, err := access.FreshlyProved(signin.From(ctx), d.Now()); err != nil {
		return nil, err
	}
	found, err := d.find(ctx, admission, input.Export)
	if err != nil {
		return nil, err
	}
	if err := d.record(ctx, admission, found); err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		request, answer := humachi.Unwrap(ctx)
		life, end := stream.Life(ctx.Context(), longest)
		defer end()
		content, err := d.Shelf.Open(life, admission.ID, found.Object)
		if err != nil {
			problem.Write(answer, request, gone(err))
			return
		}
		defer content.Close()
		header := answer.Header()
		header.Set("Content-Type", archives.ContentType)
		header.Set("Content-Disposition", `attachment; filename="`+found.ID.String()+`.zip"`)
		header.Set("ETag", `"`+found.SHA256+`"`)
		http.ServeContent(&patient{ResponseWriter: answer}, request, "", found.ReadyAt, content)
	}}, nil
}

// find is the archive, as long as it can be fetched.
func (d *Desk) find(ctx context.Context, admission access.Admission, id string) (reading.Export, error) {
	var export domain.ExportID
	if err := export.UnmarshalText([]byte(id)); err != nil || export.IsZero() {
		return reading.Export{}, domain.Hidden()
	}
	answer, err := d.Views.Export(ctx, admission.Scope(), 0, export)
	found := answer.Value
	switch {
	case errors.Is(err, reading.ErrNotFound):
		return found, domain.Hidden()
	case err != nil:
		return found, err
	case found.ReadyAt.IsZero():
		return found, domain.Clash(domain.R13, "export_not_ready", "The archive is still being made. You are told when it is ready.")
	case !d.Now().Before(found.ExpiresAt):
		return found, gone(archives.ErrGone)
	}
	return found, nil
}

// gone is the answer for an archive that was swept.
func gone(err error) error {
	if errors.Is(err, archives.ErrGone) {
		return problem.New(http.StatusGone, "export_expired", "The archive is not kept any more. Ask for another one.")
	}
	return err
}

// record notes who has fetched it: the history is in it (R65).
func (d *Desk) record(ctx context.Context, admission access.Admission, found reading.Export) error {
	_, err := d.Store.Execute(ctx, eventstore.Call{
		Type: d.Record, Command: &auditlog.RecordHistoryRead{Question: auditlog.Archive, About: "export " + found.ID.String()},
		Workspace: admission.ID, By: d.Commands.Actor(ctx), Correlation: telemetry.CorrelationID(ctx), Trace: telemetry.TraceParent(ctx),
	})
	return err
}

// patient gives every piece its own time to be taken, instead of all of them
// together the server's.
type patient struct{ http.ResponseWriter }

// Write implements io.Writer.
func (p *patient) Write(piece []byte) (int, error) {
	_ = http.NewResponseController(p.ResponseWriter).SetWriteDeadline(time.Now().Add(stalled)) // a recorder in a test has none
	return p.ResponseWriter.Write(piece)
}
