/** The commands on promotions and on the environments that they lead to. */
@NullMarked
package dev.fairlead.cli.promote;

import org.jspecify.annotations.NullMarked;
