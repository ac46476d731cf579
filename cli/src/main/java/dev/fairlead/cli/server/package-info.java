/** Talking to a control plane: which one, with which token, and how its errors become exit codes. */
@NullMarked
package dev.fairlead.cli.server;

import org.jspecify.annotations.NullMarked;
