package bluesky_test

import (
	"testing"

	"behalf/internal/networks/bluesky/blueskytest"
	"behalf/internal/networks/conformance"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	subject := blueskytest.Subject()
	subject.Recorded = conformance.Recorded(t, "testdata/errors.json")
	conformance.Run(t, subject)
}
