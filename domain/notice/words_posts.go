package notice

import "fmt"

// ofOnePost says what became of a post, or what somebody has to do about it.
func (n Notice) ofOnePost(names Names, ws string) Words {
	called, at := bare(names.Workspace, "A workspace"), "in "+ws
	if !n.Account.IsZero() {
		at = "to " + quoted(names.Account, "an account") + " in " + ws
	}
	w := Words{Button: "See the post"}
	switch n.Kind {
	case PostWaiting, PostReminder:
		return n.approving(called, at)
	case PostTrouble, PostHandedOver:
		return n.acting(called, at)
	case PostApproved:
		w.Subject = called + ": your post is approved"
		w.Text = fmt.Sprintf("Your post %s is approved.", at)
		w.Advice = "It goes out at its time."
		if n.Details.Change == InPart {
			w.Subject = called + ": your post has got an approval"
			w.Text = fmt.Sprintf("Your post %s has got one of the approvals that it needs.", at)
			w.Advice = "It still waits for another one."
		}
	case PostDeclined:
		w.Subject = called + ": your post was declined"
		w.Text = fmt.Sprintf("Your post %s was declined, with a note.", at)
		w.Advice = "It does not go out. Change it, and submit it again."
	case PostFailed:
		w.Subject = called + ": a post was refused"
		w.Text = fmt.Sprintf("A post of yours %s was refused by the network.", at)
		w.Advice = "It was not published. Change it, or publish it again."
		if n.Details.Change == OfRights {
			w.Text = fmt.Sprintf("A post %s was refused by the network: your connection may not publish it.", at)
			w.Advice = "It was not published. See what you may do on the network, or connect the account again; then it can be published again."
		}
	case PostMissed:
		w.Subject = called + ": your post was not published"
		w.Text = fmt.Sprintf("Your post %s was not published.", at)
		w.Advice = "Its time has passed. You may publish it now, or give it another time."
	case PostUnknown:
		w.Subject = called + ": is this post on the network?"
		w.Text = fmt.Sprintf("Nobody knows whether a post %s was published.", at)
		if n.Details.Change == Still {
			w.Subject = called + ": is this post on the network? Nobody has said"
			w.Text = fmt.Sprintf("Still nobody has said whether a post %s was published.", at)
		}
		w.Advice = "Look for it on the network. Then say that it is there, with its address, or have it sent again. " +
			"Until somebody has said so, it is not sent again, so that nobody sees it twice."
	case PostKept:
		w.Subject = called + ": a post is still on the network"
		w.Text = fmt.Sprintf("A post %s that you deleted is still shown by the network.", at)
		w.Advice = "Delete it again later, or on the network itself."
	}
	w.Text = because(w.Text, n.Details.Why)
	return w
}

// approving asks for an approval (R50, R51).
func (n Notice) approving(called, at string) Words {
	w := Words{
		Subject: called + ": a post waits for your approval", Text: fmt.Sprintf("A post %s waits for your approval.", at),
		Advice: "Without it, it does not go out.", Button: "See the post",
	}
	switch {
	case n.Kind == PostReminder:
		w.Subject = called + ": a post still waits for your approval"
		w.Text = fmt.Sprintf("A post %s still waits for your approval.", at)
		w.Advice = "Its time comes within two hours. If it is not approved by then, it is not published."
	case n.Details.Change == Revised:
		w.Text = fmt.Sprintf("A post %s was changed, and waits for your approval again.", at)
	case n.Details.Change == ByItself:
		w.Advice = fmt.Sprintf("It goes out as soon as it is approved, until %s.", moment(n.Details.Until))
	case !n.Details.Until.IsZero():
		w.Advice = fmt.Sprintf("It is to go out on %s. If it is not approved by then, it is not published.", moment(n.Details.Until))
	}
	return w
}

// acting says what somebody has to do at a post's time, or right before it.
func (n Notice) acting(called, at string) Words {
	w := Words{Button: "See the post"}
	switch {
	case n.Kind == PostHandedOver:
		w.Subject = called + ": publish a post by hand, now"
		w.Text = fmt.Sprintf("It is time to publish a post %s. The network takes it from people alone.", at)
		w.Advice = "Then say where people see it."
		if !n.Details.Until.IsZero() {
			w.Advice = fmt.Sprintf("Then say where people see it, until %s. Otherwise it counts as missed.", moment(n.Details.Until))
		}
		return w
	case n.Details.Change == OfRights:
		w.Subject = called + ": a post is about to be refused"
		w.Text = fmt.Sprintf("A post %s goes out in a few minutes, and the network would refuse it: your connection may not publish it.", at)
		w.Advice = "See what you may do on the network, or connect the account again."
	default:
		w.Subject = called + ": your post is about to be refused"
		w.Text = fmt.Sprintf("Your post %s goes out in a few minutes, and the network would refuse it.", at)
		w.Advice = "Change it before, or give it another time."
	}
	w.Text = because(w.Text, n.Details.Why)
	return w
}

// because adds the reason to a sentence.
func because(text, why string) string {
	if why == "" {
		return text
	}
	return text + " " + why
}
