/** The registry: names with numbered versions, and aliases that say what an environment runs. */
@NullMarked
package dev.fairlead.control.model;

import org.jspecify.annotations.NullMarked;
