/** What every reader that lifts a format's graph into the ONNX-shaped one answers with. */
@NullMarked
package dev.fairlead.model.lift;

import org.jspecify.annotations.NullMarked;
