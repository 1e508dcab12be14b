package history_test

import (
	"testing"
	"time"

	"behalf/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// How long tests wait for what happens by itself, and how often they look.
const (
	waitAtMost = time.Minute
	lookEvery  = 5 * time.Millisecond
)
