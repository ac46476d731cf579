/** The commands on access tokens. */
@NullMarked
package dev.fairlead.cli.token;

import org.jspecify.annotations.NullMarked;
