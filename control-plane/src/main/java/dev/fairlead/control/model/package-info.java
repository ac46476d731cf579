/** Models: names, versions and aliases that point at trees. */
@NullMarked
package dev.fairlead.control.model;

import org.jspecify.annotations.NullMarked;
