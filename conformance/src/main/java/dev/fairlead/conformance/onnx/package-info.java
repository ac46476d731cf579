/** Suites over the test data that the {@code onnx} wheel brings along. */
@NullMarked
package dev.fairlead.conformance.onnx;

import org.jspecify.annotations.NullMarked;
