package dev.fairlead.cli.local;

import dev.fairlead.cli.failure.CommandFailure;
import dev.fairlead.cli.failure.ExitCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Loopback ports for the control plane. */
final class Ports {
    private Ports() {}

    /** The port itself where it is free, any free one for 0. */
    static int claim(int port, String option) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.CONFLICT,
                    "port " + port + " is taken by another program",
                    "Choose another with " + option + ", or 0 for any free one.");
        }
    }
}
