/** Model files: tensors, the ONNX-shaped graph, readers, writers and conversion. */
@NullMarked
package dev.fairlead.model;

import org.jspecify.annotations.NullMarked;
