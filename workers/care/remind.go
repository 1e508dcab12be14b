package care

import (
	"context"
	"errors"

	"behalf/domain/account"
	"behalf/workers/issue"
)

// remind reminds holders of outages that they were asked to mend, after each
// of account.ReminderDays. Whether that is still of use is decided on the
// account's stream.
func (k *Keeper) remind(ctx context.Context) error {
	due, err := k.Work.Outages(ctx, k.Now(), account.ReminderDays, most)
	for _, out := range due {
		_, failed := k.desk.Issue(ctx, out.Workspace, &account.RemindHolder{Account: out.Account, Holder: out.Holder, Days: out.Days})
		if failed != nil && !issue.Refused(failed) {
			err = errors.Join(err, failed)
		}
	}
	k.Meter.Swept("reminders", len(due))
	return err
}

// most bounds what is listed at once.
const most = 200
