/** A model folder of any format, as {@code fairlead model inspect} describes it. */
@NullMarked
package dev.fairlead.model.folder;

import org.jspecify.annotations.NullMarked;
