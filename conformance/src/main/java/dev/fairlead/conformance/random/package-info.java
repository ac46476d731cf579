/** Small graphs of mixed operators, made by chance, in the interpreter and in the formats' own machines. */
@NullMarked
package dev.fairlead.conformance.random;

import org.jspecify.annotations.NullMarked;
