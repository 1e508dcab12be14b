package workers

import (
	"context"

	"behalf/internal/media"
)

// sweeping is how media are swept.
func sweeping(keeper *media.Keeper, uses media.Uses) func(context.Context) (media.Swept, error) {
	if keeper == nil {
		return nil
	}
	return func(ctx context.Context) (media.Swept, error) {
		return keeper.Sweep(ctx, uses, media.StandardAges())
	}
}
