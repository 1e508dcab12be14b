package planning_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/post/planning"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/scenario/posts"
	"behalf/domain/workspace"
)

func TestSchedulePost(t *testing.T) {
	t.Parallel()
	twoYears := posts.Now.Add(2 * 365 * 24 * time.Hour)
	for _, at := range []time.Time{posts.Now.Add(time.Nanosecond), posts.Later, twoYears} {
		posts.Given(t, acme.Founded(), posts.CarlJoined(workspace.OwnerMode)).
			When(posts.Client, planning.SchedulePost{Post: posts.ThePost, Content: posts.ToNews(), At: at}).
			ThenOn(append(posts.OnPost(posts.NewsWritten(posts.Client), posts.ScheduledAt(at)), posts.Slots(at, scenario.News)...)...)
	}
}

func TestSchedulePostGivesTheIDThatIsLeftOut(t *testing.T) {
	t.Parallel()
	posts.Given(t, acme.Founded()).
		When(posts.Owner, planning.SchedulePost{Content: posts.ToNews(), At: posts.Later}).
		ThenFirst(posts.NewsWritten(posts.Owner), posts.ScheduledAt(posts.Later))
}

// R57: a UTC instant, the zone kept for display.
func TestSchedulePostInAZone(t *testing.T) {
	t.Parallel()
	scheduled := posts.ScheduledAt(posts.Later)
	scheduled.Zone = "Europe/Berlin"
	posts.Given(t, acme.Founded()).
		When(posts.Owner, planning.SchedulePost{Content: posts.ToNews(), At: posts.Later.In(time.FixedZone("CET", 3600)), Zone: "Europe/Berlin"}).
		ThenFirst(posts.NewsWritten(posts.Owner), scheduled)
}

func TestSchedulePostAtAMomentThatCannotBe(t *testing.T) {
	t.Parallel()
	for at, code := range map[time.Time]string{
		posts.Now:                       "moment_passed",
		posts.Now.Add(-time.Nanosecond): "moment_passed",
		{}:                              "moment_passed",
		posts.Now.AddDate(2, 0, 1):      "moment_too_far",
		posts.Now.AddDate(5000, 0, 0):   "moment_too_far",
	} {
		refusal := posts.Given(t, acme.Founded()).When(posts.Owner, planning.SchedulePost{Content: posts.ToNews(), At: at}).Refused(domain.R57, code)
		require.Equal(t, "at", refusal.Field)
	}
}

func TestSchedulePostInAMalformedZone(t *testing.T) {
	t.Parallel()
	for _, zone := range []string{"UTC\x00", "two\nlines", strings.Repeat("z", 65)} {
		refusal := posts.Given(t, acme.Founded()).
			When(posts.Owner, planning.SchedulePost{Content: posts.ToNews(), At: posts.Later, Zone: zone}).
			Refused(domain.R57, "malformed_zone")
		require.Equal(t, "zone", refusal.Field)
	}
}

func TestSchedulePostRefusesWhatPublishPostRefuses(t *testing.T) {
	t.Parallel()
	reader := acme.Joined(scenario.Carl, workspace.Client, acme.ReadOnly, acme.Gives(scenario.News, workspace.NoMode))
	schedule := planning.SchedulePost{Post: posts.ThePost, Content: posts.ToNews(), At: posts.Later}
	posts.Given(t, acme.Founded(), reader).When(posts.Client, schedule).Refused(domain.R17, "posting_not_granted")
	posts.Given(t, acme.Founded(), posts.OnPost(posts.NewsWritten(posts.Owner))).When(posts.Owner, schedule).Refused(0, "post_exists")
	posts.Given(t, acme.Founded()).When(posts.Stranger, schedule).Refused(domain.R32, "not_found")
}
