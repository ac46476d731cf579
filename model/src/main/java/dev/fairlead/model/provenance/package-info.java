/**
 * Where the parts of a converted model come from: for each value its sources, the rule that made it and how it relates to them; for
 * each weight the chain of transforms from the source's bytes. Written beside every format and into ONNX metadata.
 */
@NullMarked
package dev.fairlead.model.provenance;

import org.jspecify.annotations.NullMarked;
