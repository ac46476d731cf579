/** Policy files: what parity and promotions are judged by. */
@NullMarked
package dev.fairlead.cli.policy;

import org.jspecify.annotations.NullMarked;
