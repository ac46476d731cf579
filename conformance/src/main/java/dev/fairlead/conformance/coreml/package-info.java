/** Suites of Core ML: what coremltools itself converts, read by us and run by ONNX Runtime. */
@NullMarked
package dev.fairlead.conformance.coreml;

import org.jspecify.annotations.NullMarked;
