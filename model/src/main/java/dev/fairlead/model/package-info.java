/** What every part of the model library shares: its one failure type. The features are the packages below. */
@NullMarked
package dev.fairlead.model;

import org.jspecify.annotations.NullMarked;
