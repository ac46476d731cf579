/** Blobs as files below one folder, with uploads that go on where they were cut. */
@NullMarked
package dev.fairlead.control.artifact.folder;

import org.jspecify.annotations.NullMarked;
