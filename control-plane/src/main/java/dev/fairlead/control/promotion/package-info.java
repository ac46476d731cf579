/**
 * Promotions: persisted state machines that lead one version of a model into an environment. Each creates jobs, waits
 * for them, and in the end moves an alias. {@link dev.fairlead.control.promotion.Driver} is the one place that takes a
 * promotion forward; every transition is one transaction, so a crash between two of them loses nothing.
 */
@NullMarked
package dev.fairlead.control.promotion;

import org.jspecify.annotations.NullMarked;
