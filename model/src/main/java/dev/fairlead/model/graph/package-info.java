/** The one graph everything converts through: ONNX semantics, named values, an origin on every node. */
@NullMarked
package dev.fairlead.model.graph;

import org.jspecify.annotations.NullMarked;
