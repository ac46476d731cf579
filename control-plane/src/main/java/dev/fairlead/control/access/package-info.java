/** Who may do what: tokens of people and programs, key pairs of agents, and a rule for every call. */
@NullMarked
package dev.fairlead.control.access;

import org.jspecify.annotations.NullMarked;
