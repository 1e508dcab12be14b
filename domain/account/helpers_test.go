package account

import (
	"slices"
	"testing"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/workspace"
)

// Who acts in the tests of this package.
var (
	owner    = scenario.As(scenario.Olivia)
	admin    = scenario.As(scenario.Adam)
	editor   = scenario.As(scenario.Edith)
	client   = scenario.As(scenario.Carl)
	stranger = scenario.As(scenario.Mallory)
)

// The connections of Olivia and Carl, and the ones that replace them.
var (
	olivias = domain.ConnectionID{0: 4, 15: 1}
	carls   = domain.ConnectionID{0: 4, 15: 2}
	renewed = domain.ConnectionID{0: 4, 15: 3}
)

func given(t *testing.T, history ...[]domain.Change) scenario.Story {
	t.Helper()
	log := scenario.NewLog(workspace.Aggregate(), Aggregate())
	return scenario.Given(t, scenario.Acme, log, slices.Concat(history...)...)
}

func onNews(events ...domain.Event) []domain.Change {
	return domain.On(Stream(scenario.News), events...)
}
func onBlog(events ...domain.Event) []domain.Change {
	return domain.On(Stream(scenario.Blog), events...)
}

// connected is the event of somebody who connected News.
func connected(by domain.Actor, connection domain.ConnectionID) Connected {
	return Connected{
		Workspace: scenario.Acme, Network: "sandbox", Remote: "page-news", Connection: connection, Holder: by.User,
	}
}

// toNews is what the network confirmed for News; toBlog for Blog.
func toNews(connection domain.ConnectionID) Access {
	return Access{Network: "sandbox", Remote: "page-news", Name: "Acme News", Connection: connection}
}

func toBlog(connection domain.ConnectionID) Access {
	return Access{Network: "wordpress", Remote: "blog", Name: "Acme Blog", HasIdentities: true, Connection: connection}
}
