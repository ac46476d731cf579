/** The whole story on one machine, told step by step. */
@NullMarked
package dev.fairlead.cli.demo;

import org.jspecify.annotations.NullMarked;
