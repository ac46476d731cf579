/** What a command ends with: the exit codes that scripts rely on, and failures worded for a person, each with what to do next. */
@NullMarked
package dev.fairlead.cli.failure;

import org.jspecify.annotations.NullMarked;
