package wordpress_test

import (
	"testing"

	"behalf/internal/networks/conformance"
	"behalf/internal/networks/wordpress/wordpresstest"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	subject := wordpresstest.Subject()
	subject.Recorded = conformance.Recorded(t, "testdata/errors.json")
	conformance.Run(t, subject)
}
