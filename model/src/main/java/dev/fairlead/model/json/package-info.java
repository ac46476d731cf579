/** Strict reading of small JSON files: every failure names the file and the path of the field. */
@NullMarked
package dev.fairlead.model.json;

import org.jspecify.annotations.NullMarked;
