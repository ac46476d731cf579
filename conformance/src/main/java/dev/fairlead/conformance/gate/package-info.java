/**
 * The parity gate held to seeded faults: public conversion and kernel bugs built again into small graphs, each with a clean twin, and
 * clean pairs of random graphs. ONNX Runtime on the CPU stands in for both machines.
 */
@NullMarked
package dev.fairlead.conformance.gate;

import org.jspecify.annotations.NullMarked;
