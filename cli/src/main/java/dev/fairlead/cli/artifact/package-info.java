/** Local folders as content-addressed trees: hashing, resumable upload and download. */
@NullMarked
package dev.fairlead.cli.artifact;

import org.jspecify.annotations.NullMarked;
