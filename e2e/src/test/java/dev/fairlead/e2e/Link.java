package dev.fairlead.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The wire between an agent and the control plane, on loopback, that a test can cut and mend. */
final class Link implements Running {
    private static final int BUFFER = 64 << 10;

    private final InetSocketAddress target;
    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;
    private volatile long budget = Long.MAX_VALUE;

    Link(int targetPort) {
        try {
            target = new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort);
            listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().name("link-accept").start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Drops every connection and refuses new ones until {@link #mend}. */
    void cut() {
        cut = true;
        open.forEach(Link::drop);
    }

    void mend() {
        budget = Long.MAX_VALUE;
        cut = false;
    }

    /** Cuts as soon as this many more bytes have gone towards the control plane. */
    void cutAfter(long bytes) {
        budget = bytes;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var near = listener.accept();
                if (cut) {
                    drop(near);
                    continue;
                }
                var far = new Socket();
                far.connect(target);
                open.add(near);
                open.add(far);
                Thread.ofVirtual().name("link-up").start(() -> pump(near, far, true));
                Thread.ofVirtual().name("link-down").start(() -> pump(far, near, false));
            } catch (IOException e) {
                // The listener was closed, or the control plane is down: the agent meets a closed connection either
                // way.
            }
        }
    }

    private void pump(Socket from, Socket to, boolean counted) {
        var buffer = new byte[BUFFER];
        try (from;
                to) {
            var input = from.getInputStream();
            var output = to.getOutputStream();
            for (int n; (n = input.read(buffer)) >= 0; ) {
                if (counted && spend(n)) {
                    output.write(buffer, 0, n / 2);
                    output.flush();
                    cut();
                    return;
                }
                output.write(buffer, 0, n);
                output.flush();
            }
        } catch (IOException e) {
            // One side went away; both are closed.
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private synchronized boolean spend(int bytes) {
        if (budget == Long.MAX_VALUE) {
            return false;
        }
        budget -= bytes;
        return budget < 0;
    }

    private static void drop(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // Closed already.
        }
    }

    @Override
    public void close() {
        cut();
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
