/**
 * How agents look on the wire, and where their streams end: the part of the fleet's edge that the adapters of features above it
 * share, since a job's messages hold accelerators, machines and reasons too.
 */
@NullMarked
package dev.fairlead.control.agent.wire;

import org.jspecify.annotations.NullMarked;
