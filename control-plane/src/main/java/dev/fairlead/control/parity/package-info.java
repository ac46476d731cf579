/** Parity reports: what comparing jobs found, kept beside the jobs so that a verdict can be shown and looked up at once. */
@NullMarked
package dev.fairlead.control.parity;

import org.jspecify.annotations.NullMarked;
