package chaos_test

import (
	"testing"

	"behalf/cmd/behalf/sitetest"
)

func TestMain(m *testing.M) { sitetest.Main(m) }
