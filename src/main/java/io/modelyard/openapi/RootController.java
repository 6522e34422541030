package io.modelyard.openapi;

import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.micronaut.serde.annotation.Serdeable;
import io.modelyard.registry.Registry;

/** Says that the server is there, and where to look next. */
@Controller
final class RootController {
    private final Registry registry;

    RootController(Registry registry) {
        this.registry = registry;
    }

    /** @param types how many types of models are published */
    @Serdeable
    record Welcome(String status, String service, int types, String docs, String models, String health) {}

    /** Nothing that needs a key. */
    @Get("/")
    @Secured(SecurityRule.IS_ANONYMOUS)
    Welcome welcome() {
        return new Welcome("ok", "modelyard", registry.current().types().size(), "/docs", "/models", "/health");
    }
}
