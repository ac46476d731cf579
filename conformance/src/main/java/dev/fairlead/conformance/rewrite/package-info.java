/** Passes over ONNX graphs, held against what the graphs compute. */
@NullMarked
package dev.fairlead.conformance.rewrite;

import org.jspecify.annotations.NullMarked;
