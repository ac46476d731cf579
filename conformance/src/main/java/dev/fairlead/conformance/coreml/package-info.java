/** Suites of Core ML: what coremltools itself converts, read by us, and what we convert, checked by coremltools; ONNX Runtime runs both. */
@NullMarked
package dev.fairlead.conformance.coreml;

import org.jspecify.annotations.NullMarked;
