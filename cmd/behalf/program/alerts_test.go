package program_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"behalf/cmd/behalf/dev"
	"behalf/cmd/behalf/sitetest"
)

// rules is Prometheus's form of alert rules.
type rules struct {
	Groups []struct {
		Name  string
		Rules []struct {
			Alert       string
			Expr        string
			For         string
			Labels      struct{ Severity string }
			Annotations struct{ Summary, Runbook string }
		}
	}
}

// Every metric that an alert names is exported by a running Behalf in which a
// post has been published, and the runbook says of every alert what to do.
func TestAlerts(t *testing.T) {
	t.Parallel()
	written, err := os.ReadFile("../../../docs/alerts.yaml")
	require.NoError(t, err)
	var checked rules
	reader := yaml.NewDecoder(bytes.NewReader(written))
	reader.KnownFields(true)
	require.NoError(t, reader.Decode(&checked))
	runbook, err := os.ReadFile("../../../docs/runbook.md")
	require.NoError(t, err)

	ctx, cancel := context.WithTimeout(context.Background(), sitetest.TestTime)
	defer cancel()
	s := sitetest.OpenWith(ctx, t, nil, dev.Options{})
	s.Await(ctx, t, s.Publish(ctx, t, "PublishPost", map[string]any{"text": "measured"}), "published")
	metric, last := regexp.MustCompile(`behalf_[a-z_]+`), ""
	require.Eventually(t, func() bool { // views and sealing are measured a little later
		page := exported(ctx, t, s.Addresses.API+"/metrics")
		for _, name := range metric.FindAllString(string(written), -1) {
			if !strings.Contains(page, "\n"+name+"{") && !strings.Contains(page, "\n"+name+" ") {
				last = name
				return false
			}
		}
		return true
	}, time.Minute, 100*time.Millisecond, "is not exported: %s", &last)

	seen := map[string]bool{}
	for _, group := range checked.Groups {
		for _, rule := range group.Rules {
			require.False(t, seen[rule.Alert], rule.Alert)
			seen[rule.Alert] = true
			require.Regexp(t, metric, rule.Expr, rule.Alert)
			require.Contains(t, []string{"page", "ticket"}, rule.Labels.Severity, rule.Alert)
			require.NotEmpty(t, rule.Annotations.Summary, rule.Alert)
			require.Equal(t, "docs/runbook.md#"+strings.ToLower(rule.Alert), rule.Annotations.Runbook)
			_, told, found := strings.Cut(string(runbook), "\n### "+rule.Alert+"\n\n")
			require.True(t, found, "%s stands not in the runbook", rule.Alert)
			told, _, _ = strings.Cut(told, "\n\n")
			require.Greater(t, len(told), 40, rule.Alert)
			if rule.For != "" {
				_, err := time.ParseDuration(rule.For)
				require.NoError(t, err, rule.Alert)
			}
		}
	}
	require.NotEmpty(t, seen)
}

func exported(ctx context.Context, t *testing.T, address string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	require.NoError(t, err)
	answer, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer answer.Body.Close()
	page, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	return "\n" + string(page)
}
