/**
 * Lowers an ONNX-shaped graph to a MIL program: one rule an ONNX operator, one file a family. What MIL cannot say exactly is refused
 * by name. The program is written at the lowest operator set that has what was used.
 */
@NullMarked
package dev.fairlead.model.lower.coreml;

import org.jspecify.annotations.NullMarked;
