package post

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/workspace"
)

func TestSchedulePost(t *testing.T) {
	t.Parallel()
	twoYears := now.Add(2 * 365 * 24 * time.Hour)
	for _, at := range []time.Time{now.Add(time.Nanosecond), later, twoYears} {
		given(t, acme.Founded(), carlJoined(workspace.OwnerMode)).
			When(client, SchedulePost{Post: thePost, Content: toNews(), At: at}).
			ThenOn(onPost(newsWritten(client), scheduledAt(at))...)
	}
}

func TestSchedulePostGivesTheIDThatIsLeftOut(t *testing.T) {
	t.Parallel()
	given(t, acme.Founded()).
		When(owner, SchedulePost{Content: toNews(), At: later}).
		ThenOn(domain.On(Stream(scenario.Fresh(1)), newsWritten(owner), scheduledAt(later))...)
}

// R57: a UTC instant, the zone kept for display.
func TestSchedulePostInAZone(t *testing.T) {
	t.Parallel()
	scheduled := scheduledAt(later)
	scheduled.Zone = "Europe/Berlin"
	given(t, acme.Founded()).
		When(owner, SchedulePost{Content: toNews(), At: later.In(time.FixedZone("CET", 3600)), Zone: "Europe/Berlin"}).
		Then(newsWritten(owner), scheduled)
}

func TestSchedulePostAtAMomentThatCannotBe(t *testing.T) {
	t.Parallel()
	for at, code := range map[time.Time]string{
		now:                       "moment_passed",
		now.Add(-time.Nanosecond): "moment_passed",
		{}:                        "moment_passed",
		now.AddDate(2, 0, 1):      "moment_too_far",
		now.AddDate(5000, 0, 0):   "moment_too_far",
	} {
		refusal := given(t, acme.Founded()).When(owner, SchedulePost{Content: toNews(), At: at}).Refused(domain.R57, code)
		require.Equal(t, "at", refusal.Field)
	}
}

func TestSchedulePostInAMalformedZone(t *testing.T) {
	t.Parallel()
	for _, zone := range []string{"UTC\x00", "two\nlines", strings.Repeat("z", 65)} {
		refusal := given(t, acme.Founded()).
			When(owner, SchedulePost{Content: toNews(), At: later, Zone: zone}).
			Refused(domain.R57, "malformed_zone")
		require.Equal(t, "zone", refusal.Field)
	}
}

func TestSchedulePostRefusesWhatPublishPostRefuses(t *testing.T) {
	t.Parallel()
	reader := acme.Joined(scenario.Carl, workspace.Client, acme.ReadOnly, acme.Gives(scenario.News, workspace.NoMode))
	schedule := SchedulePost{Post: thePost, Content: toNews(), At: later}
	given(t, acme.Founded(), reader).When(client, schedule).Refused(domain.R17, "posting_not_granted")
	given(t, acme.Founded(), onPost(newsWritten(owner))).When(owner, schedule).Refused(0, "post_exists")
	given(t, acme.Founded()).When(stranger, schedule).Refused(domain.R32, "not_found")
}
