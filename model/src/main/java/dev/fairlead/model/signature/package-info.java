/** {@code model.json}: what a model folder holds, and the signature that its users see. */
@NullMarked
package dev.fairlead.model.signature;

import org.jspecify.annotations.NullMarked;
