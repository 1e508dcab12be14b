// Package domain holds what every rule of Behalf is written in: ids, streams,
// events, commands, actors and refusals.
//
// The rules themselves live in one package per aggregate below this one
// (workspace and post, each with its commands in rooms by subject; account;
// user) and in credential, which answers whose connection a post goes out
// through. Everything in here is pure: no I/O, no clock, no randomness. Time and
// new ids come in with the Actor.
//
// The way of a command:
//
//	facts  := the streams that the command names, folded into their states
//	events := command.Decide(facts, actor)
//	append(events) if none of those streams has moved
package domain
