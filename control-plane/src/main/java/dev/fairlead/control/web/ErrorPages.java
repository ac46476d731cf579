package dev.fairlead.control.web;

import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/** A failure as one line of text: never markup, so that nothing a caller sent is rendered. */
@Provider
public class ErrorPages implements ExceptionMapper<FairleadException> {
    @Override
    public Response toResponse(FairleadException failure) {
        return Response.status(status(failure.code().kind()))
                .type("text/plain; charset=utf-8")
                .entity(failure.code().code() + ": " + failure.getMessage() + "\n")
                .build();
    }

    private static int status(ErrorCode.Kind kind) {
        return switch (kind) {
            case MALFORMED -> 400;
            case UNAUTHENTICATED -> 401;
            case DENIED -> 403;
            case MISSING -> 404;
            case DUPLICATE, WRONG_STATE, LOST_RACE -> 409;
            case EXHAUSTED -> 429;
            case UNAVAILABLE -> 503;
            case UNSUPPORTED -> 501;
            case CORRUPT, INTERNAL -> 500;
        };
    }
}
