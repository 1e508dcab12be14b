package mastodon_test

import (
	"testing"

	"behalf/internal/networks/conformance"
	"behalf/internal/networks/mastodon/mastodontest"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	subject := mastodontest.Subject()
	subject.Recorded = conformance.Recorded(t, "testdata/errors.json")
	conformance.Run(t, subject)
}
