// Package races holds tests of commands that meet: two are decided on the same
// history, and one of them is stored first. Each test forces that, on the real
// store, and says the one outcome that the rules explain.
package races
