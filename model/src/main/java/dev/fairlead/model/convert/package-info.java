/** A model folder of one format to a model folder of another. */
@NullMarked
package dev.fairlead.model.convert;

import org.jspecify.annotations.NullMarked;
