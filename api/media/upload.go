package media

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"

	"behalf/api/live/stream"
	kept "behalf/internal/media"
)

// How long an upload may take, and how long nothing may come.
const (
	uploadPatience = time.Hour
	pieceTime      = 30 * time.Second
)

type uploadInput struct {
	Workspace string `path:"workspace" doc:"The workspace."`
	Key       string `header:"Idempotency-Key" maxLength:"200" doc:"Makes it safe to send the file again."`
	Alt       string `query:"alt" maxLength:"2000" doc:"What somebody reads who cannot see it; can be changed later."`

	request *http.Request
	answer  http.ResponseWriter
}

// Resolve implements huma.Resolver: the body is read as it comes, and not by huma.
func (i *uploadInput) Resolve(ctx huma.Context) []error {
	i.request, i.answer = humachi.Unwrap(ctx)
	return nil
}

type uploadOutput struct {
	Location string `header:"Location" doc:"Where the medium is from now on."`
	Repeated string `header:"Idempotency-Replayed" doc:"\"true\" when an earlier request with the same key got this answer first."`
	Body     Medium
}

func (d *Desk) upload(ctx context.Context, input *uploadInput) (*uploadOutput, error) {
	admission, err := d.Door.Admit(ctx, input.Workspace)
	if err == nil {
		err = admission.Workspace.MustBeOpen()
	}
	if err == nil {
		err = admission.Member.MayWrite()
	}
	if err != nil {
		return nil, err
	}
	ctx, done := stream.Life(ctx, uploadPatience)
	defer done()
	item, repeated, err := d.Keeper.Receive(ctx, kept.Upload{
		Workspace: admission.ID, Uploader: admission.Member.User, Alt: input.Alt, Announced: input.request.ContentLength, Request: input.Key,
	}, patient{ctx: ctx, from: input.request.Body, connection: http.NewResponseController(input.answer)})
	if err != nil {
		return nil, told(err)
	}
	output := &uploadOutput{Location: "/v1/workspaces/" + admission.ID.String() + "/media/" + item.ID.String(), Body: d.medium(item)}
	if repeated {
		output.Repeated = "true"
	}
	return output, nil
}

// patient moves the connection's deadlines on as long as something comes.
type patient struct {
	ctx        context.Context
	from       io.Reader
	connection *http.ResponseController
}

func (p patient) Read(into []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	now := time.Now()
	_ = p.connection.SetReadDeadline(now.Add(pieceTime)) // a recorder in a test has none
	_ = p.connection.SetWriteDeadline(now.Add(2 * pieceTime))
	return p.from.Read(into)
}
