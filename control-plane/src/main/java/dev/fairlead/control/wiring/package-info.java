/** Puts the parts together: configuration, the embedded database, and life from start to clean stop. */
@NullMarked
package dev.fairlead.control.wiring;

import org.jspecify.annotations.NullMarked;
