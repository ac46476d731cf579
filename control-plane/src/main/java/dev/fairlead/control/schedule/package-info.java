/**
 * Which agent computes which job. The decision is a pure function of a snapshot, so that a plan and a placement cannot disagree; a
 * loop on the one control plane that holds the lead makes the decisions durable.
 */
@NullMarked
package dev.fairlead.control.schedule;

import org.jspecify.annotations.NullMarked;
