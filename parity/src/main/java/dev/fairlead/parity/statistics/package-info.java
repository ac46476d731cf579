/**
 * What samples say: corrections, sequential tests, sample sizes, clustered means and equivalence. Knows nothing of models, tensors or
 * reports.
 */
@NullMarked
package dev.fairlead.parity.statistics;

import org.jspecify.annotations.NullMarked;
