// Package tenants_test proves that nobody reads or changes anything of a
// workspace that they do not belong to: by the API, and where the API forgot.
package tenants_test

import (
	"testing"

	"behalf/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }
