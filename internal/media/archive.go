package media

import (
	"context"
	"io"

	"behalf/domain"
)

// archivePage is how many items an archive asks for at a time.
const archivePage = 100

// Archived is an item for a workspace's archive.
type Archived struct {
	Item
	Name string // of a file: the id and the type's extension
	Open func(ctx context.Context) (io.ReadCloser, error)
}

// Each visits all of a workspace's items, the newest first. What is deleted
// meanwhile may be missing, or fail to open.
func (k *Keeper) Each(ctx context.Context, workspace domain.WorkspaceID, visit func(Archived) error) error {
	page := Page{Limit: archivePage}
	for {
		items, err := k.List(ctx, workspace, page)
		if err != nil {
			return err
		}
		for _, item := range items {
			given := k.ForPublishing(item, "")
			if err := visit(Archived{Item: item, Name: given.Name, Open: given.Open}); err != nil {
				return err
			}
			page.Before = item.ID
		}
		if len(items) < archivePage {
			return nil
		}
	}
}
