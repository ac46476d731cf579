/**
 * Core ML's files as they are: the MIL program of an {@code mlprogram} model, its description, the weight file and the
 * {@code .mlpackage} folder. Nothing here knows what an operation means.
 */
@NullMarked
package dev.fairlead.model.coreml;

import org.jspecify.annotations.NullMarked;
