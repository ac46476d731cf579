/** Relays the outbox to Kafka, where one is configured: in order per entity, at least once, with stable event ids. */
@NullMarked
package dev.fairlead.control.event.kafka;

import org.jspecify.annotations.NullMarked;
