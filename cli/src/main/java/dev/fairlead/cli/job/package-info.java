/** The commands on jobs, and job files in YAML, read strictly. */
@NullMarked
package dev.fairlead.cli.job;

import org.jspecify.annotations.NullMarked;
