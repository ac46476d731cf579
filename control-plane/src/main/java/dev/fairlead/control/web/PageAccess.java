package dev.fairlead.control.web;

import dev.fairlead.control.access.Tokens;
import dev.fairlead.control.error.FairleadException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Who may look at the pages: anyone on this machine; over the network, whoever has a token of any role, as a bearer
 * token or as the password a browser asks for.
 */
@Provider
public class PageAccess implements ContainerRequestFilter {
    private static final String BEARER = "Bearer ";
    private static final String BASIC = "Basic ";

    private final Tokens tokens;
    private final boolean required;

    PageAccess(
            Tokens tokens,
            @ConfigProperty(name = "quarkus.http.host") String host,
            @ConfigProperty(name = "fairlead.web.token-required") Optional<Boolean> asked) {
        this.tokens = tokens;
        this.required = asked.orElse(false) || !loopback(host);
    }

    @Override
    public void filter(ContainerRequestContext request) {
        if (required && !known(request.getHeaderString(HttpHeaders.AUTHORIZATION))) {
            request.abortWith(Response.status(Response.Status.UNAUTHORIZED)
                    .header(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"Fairlead: a token as the password\"")
                    .type("text/plain; charset=utf-8")
                    .entity("The dashboard needs a token: as a bearer token, or as the password in a browser.\n")
                    .build());
        }
    }

    private boolean known(@Nullable String authorization) {
        if (authorization == null) {
            return false;
        }
        try {
            tokens.authenticate(secret(authorization));
            return true;
        } catch (FairleadException | IllegalArgumentException e) {
            return false;
        }
    }

    private static String secret(String authorization) {
        if (authorization.startsWith(BEARER)) {
            return authorization.substring(BEARER.length());
        }
        if (!authorization.startsWith(BASIC)) {
            throw new IllegalArgumentException("authorization: neither Bearer nor Basic");
        }
        byte[] pair = Base64.getDecoder().decode(authorization.substring(BASIC.length()));
        String text = new String(pair, StandardCharsets.UTF_8);
        return text.substring(text.indexOf(':') + 1);
    }

    private static boolean loopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            // Whatever it is, it is not known to be this machine alone.
            return false;
        }
    }
}
