// Package networks is what Behalf asks of a social network: to authorize a
// person, to list what that person may post to, to publish, and to say afterwards
// whether something was published.
//
// Every network has a folder of its own below this one, whose connector
// implements Connector. The wire package carries their HTTP.
//
// The expected calls, in order:
//
//	start, _ := connector.Authorize(ctx, AuthRequest{…})  // keep start.Pending sealed, send the person to start.URL, or show start.Form
//	credential, _ := connector.Exchange(ctx, Callback{…}) // seal it into the vault
//	accounts, _ := connector.Accounts(ctx, credential)    // the person picks one
//	access, _ := connector.VerifyAccess(ctx, session)     // R37: may it really post there?
//	…
//	limits, _ := connector.Limits(ctx, account)           // R60: limits.Check(content), when scheduling
//	attempt.Prepared, _ = connector.Prepare(ctx, session, attempt, save) // minutes before, as often as it takes
//	published, err := connector.Publish(SendBefore(ctx, deadline), session, attempt)
//	if KindOf(err) == Ambiguous {
//		verdict, _ := connector.Reconcile(ctx, session, attempt) // R59: ask before anything is sent again
//	}
//
// Calls never retry by themselves: who calls knows what the answer costs.
package networks
