package judge_test

import (
	"testing"

	"behalf/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }
