/** The Python environment of the package fairlead, made once from pinned requirements. */
@NullMarked
package dev.fairlead.agent.mac.python;

import org.jspecify.annotations.NullMarked;
