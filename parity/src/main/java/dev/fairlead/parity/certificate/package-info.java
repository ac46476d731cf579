/**
 * Certificates of parity: what a passed promotion showed and on what it ran, as signed JSON that can be checked without a control
 * plane. The control plane uses this package and {@code parity.verdict} alone, so nothing here knows a tensor or a model.
 */
@NullMarked
package dev.fairlead.parity.certificate;

import org.jspecify.annotations.NullMarked;
