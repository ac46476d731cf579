/** The service's entry point. */
@NullMarked
package dev.fairlead.control;

import org.jspecify.annotations.NullMarked;
