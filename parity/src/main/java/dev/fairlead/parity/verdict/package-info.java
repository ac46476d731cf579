/**
 * What a comparison found, as plain records: the report and the policy it was judged under. The control plane uses this
 * package alone, so nothing here knows a tensor or a file.
 */
@NullMarked
package dev.fairlead.parity.verdict;

import org.jspecify.annotations.NullMarked;
