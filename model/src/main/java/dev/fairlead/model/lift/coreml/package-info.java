/**
 * Core ML's mlprogram to ONNX. A rule lifts one MIL operation; rules live one family a file and are registered by the
 * operation's name. What an operation means is taken from coremltools' definitions of it.
 */
@NullMarked
package dev.fairlead.model.lift.coreml;

import org.jspecify.annotations.NullMarked;
