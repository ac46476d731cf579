/** Spans of the steps of an attempt, exported with OpenTelemetry where an endpoint is configured. */
@NullMarked
package dev.fairlead.agent.telemetry;

import org.jspecify.annotations.NullMarked;
