/** What can go wrong, once: stable numbers and kinds, and the one exception that carries them. */
@NullMarked
package dev.fairlead.control.error;

import org.jspecify.annotations.NullMarked;
