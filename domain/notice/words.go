package notice

import (
	"fmt"

	"behalf/domain/workspace"
)

// Names are what a notice calls things. They come from whoever may know them.
type Names struct {
	Workspace string
	Account   string
	Network   string // the account's, for people: "Mastodon"
}

// Words are what a notice says to its person: the same in a mail and inside.
type Words struct {
	Subject string // one line
	Text    string // what happened
	Advice  string // what it means, or what to do; may be empty
	Button  string // what leads further
}

// Words says the notice in plain words.
func (n Notice) Words(names Names) Words {
	ws := quoted(names.Workspace, "a workspace")
	switch n.Kind {
	case Invitation:
		return Words{
			Subject: "An invitation to " + bare(names.Workspace, "a workspace"),
			Text:    fmt.Sprintf("You are invited to join %s as %s.", ws, WithArticle(n.Details.Role)),
			Advice:  "You become a member when you accept. The link is in the mail that you got.", Button: "See the invitation",
		}
	case Added:
		return Words{
			Subject: "You are a member of " + bare(names.Workspace, "a workspace"),
			Text:    fmt.Sprintf("You are a member of %s now, as %s.", ws, WithArticle(n.Details.Role)),
			Advice:  accountCount(len(n.Details.Accounts)), Button: "See your membership",
		}
	case AccessChanged:
		return n.changed(names, ws)
	case Removed:
		return Words{
			Subject: "You are no longer a member of " + bare(names.Workspace, "a workspace"),
			Text:    fmt.Sprintf("You are no longer a member of %s.", ws),
			Advice:  "Your connections there were destroyed. Posts that you had scheduled stay with the workspace.", Button: "See your workspaces",
		}
	case PostsPassed:
		return n.passed(names, ws)
	case OwnershipOffered:
		return Words{
			Subject: bare(names.Workspace, "A workspace") + ": its ownership is offered to you",
			Text:    fmt.Sprintf("You are offered the ownership of %s.", ws),
			Advice:  "Nothing changes until you accept. Then you are its Owner, and the present Owner becomes an Admin.", Button: "See the offer",
		}
	case Reauthentication, StillDown:
		return n.reauthentication(names, ws)
	case RunsOut:
		name := bare(names.Account, "An account")
		return Words{
			Subject: fmt.Sprintf("%s: your connection to %s runs out", bare(names.Workspace, "A workspace"), name),
			Text:    fmt.Sprintf("Your connection to the account %s in %s runs out on %s.", quoted(names.Account, "an account"), ws, moment(n.Details.Until)),
			Advice:  "The network lets nobody but you renew it. Connect the account again before that, and nothing is missed.", Button: "Reconnect " + name,
		}
	case WorkspaceChanged, WorkspaceEnding, WorkspaceDeleted, ExportReady:
		return n.ofWorkspace(names, ws)
	}
	if n.Kind.IsAboutPost() {
		return n.ofOnePost(names, ws)
	}
	return n.security(names, ws)
}

func (n Notice) passed(names Names, ws string) Words {
	w := Words{
		Subject: bare(names.Workspace, "A workspace") + ": posts passed to you",
		Text:    fmt.Sprintf("A member of %s may not post any more where they had posts. These are yours now: %s.", ws, postCount(len(n.Details.Posts))),
		Advice:  "Those that waited for approval are drafts; scheduled ones stay scheduled, and go out through your connection.",
		Button:  "See the posts",
	}
	switch {
	case n.Details.Gone && len(n.Details.Posts) == 0:
		w.Subject = bare(names.Workspace, "A workspace") + ": somebody is no member any more"
		w.Text, w.Advice = fmt.Sprintf("Somebody is no member of %s any more. They had no posts that are still to go out.", ws), ""
	case n.Details.Gone:
		w.Text = fmt.Sprintf("Somebody is no member of %s any more. Their posts are yours now: %s.", ws, postCount(len(n.Details.Posts)))
	}
	return w
}

func (n Notice) changed(names Names, ws string) Words {
	at := quoted(names.Account, "an account") + " in " + ws
	w := Words{Subject: bare(names.Workspace, "A workspace") + ": your access has changed", Button: "See your membership"}
	switch n.Details.Change {
	case RoleChange:
		w.Subject = bare(names.Workspace, "A workspace") + ": your role has changed"
		w.Text = fmt.Sprintf("You are %s in %s now.", WithArticle(n.Details.Role), ws)
		w.Advice = "What you have scheduled stays as it is; later posts follow the new role."
	case AccessChange:
		w.Text = access(n.Details.Access, ws)
	case AddingChange:
		w.Text = may(n.Details.Granted, "add social accounts to "+ws)
	case Assigned:
		w.Text = fmt.Sprintf("The account %s is assigned to you.", at)
		w.Advice = through(n.Details.Mode)
	case Unassigned:
		w.Text = fmt.Sprintf("The account %s is not assigned to you any more.", at)
	case LevelChange:
		w.Text = fmt.Sprintf("Your posts to %s go out without anybody's approval now.", at)
		if n.Details.Level == workspace.ApprovalRequired {
			w.Text = fmt.Sprintf("Your posts to %s need an approval now.", at)
		}
	case ApprovalChange:
		w.Text = may(n.Details.Granted, "approve posts to "+at)
	case ModeChange:
		w.Text = fmt.Sprintf("Whose connection your posts to %s go out through has changed.", at)
		w.Advice = through(n.Details.Mode)
	case AuditorChange:
		w.Text = may(n.Details.Granted, "read the history of "+ws)
	default:
		w.Text = fmt.Sprintf("Your access in %s has changed.", ws)
	}
	return w
}

func (n Notice) reauthentication(names Names, ws string) Words {
	needs, again, why := "needs to be connected again", "Reconnect", "your connection does not work any more"
	if n.Details.First {
		needs, again, why = "needs to be connected", "Connect", "there is no connection of yours yet"
	}
	if n.Kind == StillDown {
		needs = "still " + needs
	}
	name := bare(names.Account, "An account")
	return Words{
		Subject: fmt.Sprintf("%s: %s %s", bare(names.Workspace, "A workspace"), name, needs),
		Text:    fmt.Sprintf("The account %s in %s %s: %s.", quoted(names.Account, "an account"), ws, needs, why),
		Advice:  "You alone can mend your connection. Until then nothing is sent through it.", Button: again + " " + name,
	}
}

func (n Notice) security(names Names, ws string) Words {
	const notYou = "If that was not you, change your password now and end all your sessions."
	switch n.Kind {
	case TwoFactor:
		return Words{
			Subject: bare(names.Workspace, "A workspace") + " asks for two-factor authentication",
			Text:    fmt.Sprintf("%s asks you to enable two-factor authentication.", capital(ws)),
			Advice:  "Until you have, you can do nothing else there.", Button: "Enable it",
		}
	case PasswordChanged:
		return Words{
			Subject: "Your password was changed", Text: "The password of your Behalf account was changed.", Advice: notYou, Button: "See your account",
		}
	case AddressChanged:
		return Words{
			Subject: "Your address was changed", Text: "The e-mail address of your Behalf account was changed. Mail goes to the new one from now on.",
			Advice: notYou, Button: "See your account",
		}
	case NewSignIn:
		return Words{
			Subject: "A new sign-in to your account", Text: "Somebody signed in to your Behalf account from where nobody had before.",
			Advice: "If that was you, there is nothing to do. " + notYou, Button: "See your sessions",
		}
	case TwoFactorChanged:
		text := "Two-factor authentication of your Behalf account was disabled."
		if n.Details.Granted {
			text = "Two-factor authentication of your Behalf account was enabled."
		}
		return Words{Subject: "Two-factor authentication has changed", Text: text, Advice: notYou, Button: "See your account"}
	}
	return Words{Subject: "Something concerns your account", Text: "Something concerns your Behalf account.", Button: "See your account"}
}

// WithArticle is a role in a sentence: "an editor".
func WithArticle(role workspace.Role) string {
	switch role {
	case workspace.Owner:
		return "the Owner"
	case workspace.Admin, workspace.Editor, Auditor:
		return "an " + string(role)
	case "":
		return "a member"
	}
	return "a " + string(role)
}
