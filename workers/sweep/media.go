package sweep

import (
	"context"
	"time"
)

// mediaEvery is how often media are swept, by each process that sweeps: they
// are kept for days.
const mediaEvery = time.Hour

// media deletes what was uploaded and is of no more use.
func (s *Sweeper) media(ctx context.Context) error {
	now := s.Now()
	if s.Media == nil || now.Sub(s.cleared) < mediaEvery {
		return nil
	}
	swept, err := s.Media(ctx)
	s.Meter.Swept("media_unused", swept.Unused)
	s.Meter.Swept("media_of_deleted_workspaces", swept.Deleted)
	s.Meter.Swept("media_broken_off", swept.Broken)
	if err == nil {
		s.cleared = now
	}
	return err
}
