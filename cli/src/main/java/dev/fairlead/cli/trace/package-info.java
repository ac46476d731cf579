/** One root span per command. Its `traceparent` travels with every call; the span itself is exported only where an OTLP endpoint is named. */
@NullMarked
package dev.fairlead.cli.trace;

import org.jspecify.annotations.NullMarked;
