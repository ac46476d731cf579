/** Content-addressed trees of blobs: every model, input, output and report is one. */
@NullMarked
package dev.fairlead.control.artifact;

import org.jspecify.annotations.NullMarked;
