package offer

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"behalf/internal/networks"
)

// retiringSoon is how long before its end a version of a network's interface is
// a matter for operators: a newer Behalf has to be installed by then.
const retiringSoon = 60 * 24 * time.Hour

var errRetiring = errors.New("a network ends the version that is spoken to it")

// LookAtVersions names the networks that end the version that this program
// speaks to them, or have ended it.
func LookAtVersions(offered networks.Registry, now time.Time) (string, error) {
	var ending []string
	for _, name := range offered.Names() {
		api := offered[name].Capabilities().API
		if !api.Retires.IsZero() && now.Add(retiringSoon).After(api.Retires) {
			ending = append(ending, fmt.Sprintf("%s ends version %s on %s", name, api.Version, api.Retires.Format(time.DateOnly)))
		}
	}
	if ending == nil {
		return fmt.Sprintf("%d offered", len(offered)), nil
	}
	return strings.Join(append(ending, "a newer Behalf is needed"), "; "), errRetiring
}
