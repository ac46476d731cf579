/** What happened, for others: durable events in an outbox, and wake-ups inside the process. */
@NullMarked
package dev.fairlead.control.event;

import org.jspecify.annotations.NullMarked;
