/** What lowering to any format has in common. */
@NullMarked
package dev.fairlead.model.lower;

import org.jspecify.annotations.NullMarked;
