/**
 * Language models: whether two of them give the same next-token distribution on the same token ids, teacher-forced, and whether what is
 * left costs perplexity.
 */
@NullMarked
package dev.fairlead.parity.language;

import org.jspecify.annotations.NullMarked;
