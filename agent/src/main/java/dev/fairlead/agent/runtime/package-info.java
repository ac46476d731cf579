/** Running a model, whatever computes it: load a folder, run on named tensors, tap values, cancel. */
@NullMarked
package dev.fairlead.agent.runtime;

import org.jspecify.annotations.NullMarked;
