/**
 * The fleet: which machines may take work, what each one really is, and whether it can be reached. An agent enrols once with a
 * single-use join token and a key pair, and from then on proves its name with the key.
 */
@NullMarked
package dev.fairlead.control.agent;

import org.jspecify.annotations.NullMarked;
