/**
 * Jobs: everything that computes. A job is durable from its submission, runs as a sequence of attempts of which at most one is
 * current, and ends once. An attempt holds a lease and a fence; whoever writes with an older fence is refused.
 */
@NullMarked
package dev.fairlead.control.job;

import org.jspecify.annotations.NullMarked;
