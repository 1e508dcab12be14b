package media

import (
	"context"

	"behalf/api/page"
	"behalf/domain"
	"behalf/domain/workspace"
	kept "behalf/internal/media"
)

type listInput struct {
	page.In
	Workspace string `path:"workspace" doc:"The workspace."`
}

type listOutput struct {
	Body struct {
		page.Out
		Media []Medium `json:"media" doc:"The newest first."`
	} `nameHint:"Media"`
}

func (d *Desk) list(ctx context.Context, input *listInput) (*listOutput, error) {
	admission, err := d.Door.Admit(ctx, input.Workspace)
	if err != nil {
		return nil, err
	}
	list := page.List{"media", admission.ID, admission.Member.User}
	before, err := page.After[domain.MediaID](input.In, list)
	if err != nil {
		return nil, err
	}
	asked := kept.Page{Limit: input.Limit + 1}
	if admission.Member.Role != workspace.Owner {
		asked.Uploader = admission.Member.User
	}
	if before != nil {
		asked.Before = *before
	}
	items, err := d.Keeper.List(ctx, admission.ID, asked)
	if err != nil {
		return nil, err
	}
	output := &listOutput{}
	items, output.Body.Out, err = page.Cut(input.In, list, items, func(i kept.Item) domain.MediaID { return i.ID })
	output.Body.Media = make([]Medium, len(items))
	for i, item := range items {
		output.Body.Media[i] = d.medium(item)
	}
	return output, err
}
