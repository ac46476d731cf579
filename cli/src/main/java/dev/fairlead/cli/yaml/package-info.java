/** YAML files that people write, read strictly: what is wrong is said with file, line and field. */
@NullMarked
package dev.fairlead.cli.yaml;

import org.jspecify.annotations.NullMarked;
